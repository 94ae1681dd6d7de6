package dev.lockstep.cutover.phase;

import java.time.Instant;

/** A phase in which the application writes on the target, and the way back is open. */
public sealed interface OnTarget extends Phase permits Open, Soaking {

    /** How it got there. */
    Moved moved();

    /**
     * The way back begins.
     *
     * @param at before the target's fence is raised: the write pause counts from there
     */
    Fenced fenced(Instant at);

    /** There is no way back any more. */
    Finished finished(Instant at);
}
