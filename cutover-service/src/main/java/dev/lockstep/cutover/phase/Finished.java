package dev.lockstep.cutover.phase;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Done; there is no way back any more. */
public record Finished(Instant at) implements Phase {

    public Finished {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public PhaseName name() {
        return PhaseName.FINISHED;
    }
}
