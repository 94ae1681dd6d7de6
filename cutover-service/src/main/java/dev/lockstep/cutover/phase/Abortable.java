package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.message.Barrier.Direction;
import java.time.Instant;

/** A phase on the way to a flip, from which there is a way back to where the writes were. */
public sealed interface Abortable extends Phase permits Ready, Fenced, Drained {

    /** Which way the traffic is about to move, as the changes do. */
    @Override
    Direction direction();

    /** Back to following, or of a rollback to soaking. It is entered before the fence, if there may be one, is lowered. */
    Phase abort(Instant at);
}
