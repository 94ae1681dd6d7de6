package dev.lockstep.cutover.phase;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * DNS names the target. The target may have been opened: only a look at it tells. From here on it goes forward; the source stays
 * fenced.
 *
 * @param pausedAt from when writes have been standing still
 */
public record Flipped(Instant at, Instant pausedAt, LastProof proof, DnsChange dns) implements Phase {

    public Flipped {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public PhaseName name() {
        return PhaseName.FLIPPED;
    }

    /** The source's fence may have had a gap, so the last barrier is another one: the target opens on this proof. */
    public Flipped provenAgain(Instant at, LastProof proof) {
        return new Flipped(at, pausedAt, proof, dns);
    }

    /**
     * @param at when the target took writes
     */
    public Open opened(Instant at) {
        Duration pause = Duration.between(pausedAt, at);
        return new Open(at, pause.isNegative() ? Duration.ZERO : pause, proof, dns);
    }
}
