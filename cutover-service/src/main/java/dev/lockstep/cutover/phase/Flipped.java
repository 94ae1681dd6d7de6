package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.message.Barrier.Direction;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * DNS names the side that the traffic goes to. It may have been opened: only a look at it tells. From here on it goes on that way; the side
 * that it left stays fenced.
 *
 * @param direction which way the traffic moves
 * @param pausedAt from when writes have been standing still
 */
public record Flipped(Instant at, Direction direction, Instant pausedAt, LastProof proof, DnsChange dns)
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
        return new Flipped(at, direction, pausedAt, proof, dns);
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
