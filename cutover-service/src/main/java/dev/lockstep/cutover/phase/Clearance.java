package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.message.Barrier.Direction;

/** Whether the traffic may begin to move. */
@FunctionalInterface
public interface Clearance {

    /**
     * Looks just now, while no write stands still yet.
     *
     * @throws NotClearedException if something is in the way
     */
    void require(Direction direction);
}
