package dev.lockstep.cutover.phase;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The copy is complete and follows the source.
 *
 * @param unfence it comes from an aborted cutover, whose fence on the source is to be lowered, or has been
 */
public record Following(Instant at, boolean unfence) implements Phase {

    public Following {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public PhaseName name() {
        return PhaseName.FOLLOWING;
    }

    /**
     * @param held for how long all gates have been open
     */
    public Ready ready(Instant at, Duration held) {
        return new Ready(at, held);
    }
}
