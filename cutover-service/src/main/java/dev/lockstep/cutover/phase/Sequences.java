package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.message.Barrier.Direction;

/** Sequences and auto-increment counters. */
public interface Sequences {

    /** Sets each of the direction's destination beyond what its origin has handed out. May be repeated. */
    void advance(Direction direction);
}
