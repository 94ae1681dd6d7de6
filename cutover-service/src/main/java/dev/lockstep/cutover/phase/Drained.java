package dev.lockstep.cutover.phase;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Both sides are proven equal at a barrier written after the fence held, and the target's sequences are ahead. The flip may have
 * been sent: only a look at DNS tells.
 *
 * @param pausedAt from when writes have been standing still
 */
public record Drained(Instant at, Instant pausedAt, LastProof proof) implements Abortable {

    public Drained {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public PhaseName name() {
        return PhaseName.DRAINED;
    }

    public Flipped flipped(Instant at, DnsChange dns) {
        return new Flipped(at, pausedAt, proof, dns);
    }

    /** Only where DNS is known to stay on the source. */
    @Override
    public Following abort(Instant at) {
        return new Following(at, true);
    }
}
