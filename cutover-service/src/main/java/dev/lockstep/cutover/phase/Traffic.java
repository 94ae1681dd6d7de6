package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.message.Barrier.Direction;

/** Where clients are sent. */
public interface Traffic {

    /**
     * Sends the traffic to the direction's destination: one update, compared and swapped, then read back.
     *
     * @param deadline after which nothing may be sent any more; reading back may take longer
     */
    FlipResult flip(Direction direction, Deadline deadline);

    /**
     * How a flip ended that was sent before, perhaps by a process that is gone, or perhaps not at all. Sends nothing that would bring the flip
     * further; where only a part of it has taken effect, that part is taken back.
     */
    FlipResult look(Direction direction);
}
