package dev.lockstep.cutover.phase;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The traffic is back on the source, and no write made on the target is lost.
 *
 * @param back how it got back
 */
public record RolledBack(Instant at, Moved back) implements Phase {

    public RolledBack {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public PhaseName name() {
        return PhaseName.ROLLED_BACK;
    }

    /** The target follows the source as before. */
    public Following following(Instant at) {
        return new Following(at, false);
    }
}
