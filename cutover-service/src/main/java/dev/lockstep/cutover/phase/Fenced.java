package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.message.Barrier.Direction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The side that the traffic leaves is being fenced, or is: in a cutover the source, in a rollback the target. The other one is closed.
 *
 * @param at before the fence was raised: the write pause counts from there
 * @param moved of a rollback, the cutover that it takes back
 */
public record Fenced(Instant at, @Nullable Moved moved) implements Abortable {

    public Fenced {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public PhaseName name() {
        return PhaseName.FENCED;
    }

    @Override
    public Direction direction() {
        return direction(moved);
    }

    /** A rollback is what has a cutover to take back. */
    static Direction direction(@Nullable Moved moved) {
        return moved == null ? Direction.FORWARD : Direction.REVERSE;
    }

    public Drained drained(Instant at, LastProof proof) {
        return new Drained(at, this.at, proof, moved);
    }

    @Override
    public Phase abort(Instant at) {
        return back(at, moved);
    }

    /** To where the writes were, with a fence to be lowered. */
    static Phase back(Instant at, @Nullable Moved moved) {
        return moved == null ? new Following(at, true) : new Soaking(at, moved, true);
    }
}
