package dev.lockstep.cutover.phase;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The initial copy is under way. */
public record Copying(Instant at) implements Phase {

    public Copying {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public PhaseName name() {
        return PhaseName.COPYING;
    }

    public Following following(Instant at) {
        return new Following(at, false);
    }
}
