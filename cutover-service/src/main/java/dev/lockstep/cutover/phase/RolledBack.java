package dev.lockstep.cutover.phase;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The traffic is back on the source, and no write made on the target is lost. */
public record RolledBack(Instant at) implements Phase {

    public RolledBack {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public PhaseName name() {
        return PhaseName.ROLLED_BACK;
    }
}
