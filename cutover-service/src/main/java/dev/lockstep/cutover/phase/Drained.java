package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.message.Barrier.Direction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Both sides are proven equal at a barrier written after the fence held, and the sequences of the side that the traffic goes to are ahead. The
 * flip may have been sent: only a look at DNS tells.
 *
 * @param pausedAt from when writes have been standing still
 * @param moved of a rollback, the cutover that it takes back
 */
public record Drained(
        Instant at,
        Instant pausedAt,
        LastProof proof,
        @Nullable Moved moved) implements Abortable {

    public Drained {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public PhaseName name() {
        return PhaseName.DRAINED;
    }

    @Override
    public Direction direction() {
        return Fenced.direction(moved);
    }

    public Flipped flipped(Instant at, DnsChange dns) {
        return new Flipped(at, direction(), pausedAt, proof, dns, false);
    }

    /** Only where DNS is known to stay. */
    @Override
    public Phase abort(Instant at) {
        return Fenced.back(at, moved);
    }
}
