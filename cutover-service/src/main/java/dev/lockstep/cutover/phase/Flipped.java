package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.message.Barrier.Direction;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * DNS names the side that the traffic goes to. From here on it goes on that way; the side
 * that it left stays fenced.
 *
 * @param direction which way the traffic moves
 * @param pausedAt from when writes have been standing still
 * @param opening whether the side may have been opened, perhaps half: what is written there is its own from then on
 */
public record Flipped(
        Instant at, Direction direction, Instant pausedAt, LastProof proof, DnsChange dns, boolean opening)
        implements Phase {

    public Flipped {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public PhaseName name() {
        return PhaseName.FLIPPED;
    }

    /** The fence may have had a gap, so the last barrier is another one: the side opens on this proof. */
    public Flipped provenAgain(Instant at, LastProof proof) {
        return new Flipped(at, direction, pausedAt, proof, dns, false);
    }

    /**
     * @param at before the side is opened
     */
    public Flipped opening(Instant at) {
        return new Flipped(at, direction, pausedAt, proof, dns, true);
    }

    /**
     * @param at when the target took writes
     */
    public Open opened(Instant at) {
        return new Open(at, moved(at));
    }

    /**
     * @param at when the source took writes again
     */
    public RolledBack rolledBack(Instant at) {
        return new RolledBack(at, moved(at));
    }

    private Moved moved(Instant at) {
        Duration pause = Duration.between(pausedAt, at);
        return new Moved(pause.isNegative() ? Duration.ZERO : pause, proof, dns);
    }
}
