package dev.lockstep.cutover.phase;

/** The target's sequences and auto-increment counters. */
public interface Sequences {

    /** Sets each beyond what the source has handed out. May be repeated. */
    void advance();
}
