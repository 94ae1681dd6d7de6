package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.message.Barrier.Direction;

/**
 * The changes' way from one side to the other. One direction carries at a time; the other is rehearsed meanwhile, which passes over all
 * changes and so must never run where something is still to be carried that way.
 */
public interface Flow {

    /**
     * From now on this direction carries, from where it last stopped or was {@link #mark marked}, and the other one is rehearsed. Its barriers go
     * on, too. May be repeated.
     */
    void carry(Direction direction);

    /** From now on nothing is carried, nor rehearsed. May be repeated. */
    void halt();

    /**
     * Writes a barrier on the origin of the direction that carries, fenced or not, and no further one until it {@link #carry carries} again. Every
     * change that has committed there lies before it.
     *
     * @return its timestamp, microseconds since the epoch
     */
    long writeLast();

    /**
     * Sends a trial the way that does not carry. When this returns, that way is open, and begins behind all that has been applied so far.
     *
     * @throws RuntimeException if it does not arrive in time
     */
    void mark(Deadline deadline);
}
