package dev.lockstep.stream.lag;

import dev.lockstep.schemas.avro.Stage;
import java.time.Duration;
import java.time.Instant;

/**
 * All stages at one moment.
 *
 * @param window what the window's statistics look back on
 */
public record LagView(Instant at, Duration window, StageLag captured, StageLag applied, StageLag proven) {

    static LagView unknown(Instant at, Duration window) {
        return new LagView(at, window, StageLag.UNKNOWN, StageLag.UNKNOWN, StageLag.UNKNOWN);
    }

    public StageLag of(Stage stage) {
        return switch (stage) {
            case CAPTURED -> captured;
            case APPLIED -> applied;
            case PROVEN -> proven;
        };
    }
}
