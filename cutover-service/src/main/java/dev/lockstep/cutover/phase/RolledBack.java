package dev.lockstep.cutover.phase;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;

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

    /**
     * When the last cache that keeps to the TTL has let go of the target's address; {@link Instant#MAX}: nobody knows, as where the operator
     * moves the traffic.
     */
    public Instant forgottenAt() {
        OptionalLong cached = back.dns().cachedSeconds();
        return cached.isPresent() ? at.plusSeconds(cached.getAsLong()) : Instant.MAX;
    }

    /** The target follows the source as before. */
    public Following following(Instant at) {
        return new Following(at, false);
    }
}
