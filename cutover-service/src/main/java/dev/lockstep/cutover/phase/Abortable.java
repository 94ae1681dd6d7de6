package dev.lockstep.cutover.phase;

import java.time.Instant;

/** A phase on the way to the flip, from which the way back is to follow on. */
public sealed interface Abortable extends Phase permits Ready, Fenced, Drained {

    /** Back to following. It is entered before the fence, if there may be one, is lowered. */
    Following abort(Instant at);
}
