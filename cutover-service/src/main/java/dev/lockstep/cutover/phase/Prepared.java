package dev.lockstep.cutover.phase;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Checked and set up; nothing is copied yet. */
public record Prepared(Instant at) implements Phase {

    public Prepared {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public PhaseName name() {
        return PhaseName.PREPARED;
    }

    public Copying copying(Instant at) {
        return new Copying(at);
    }
}
