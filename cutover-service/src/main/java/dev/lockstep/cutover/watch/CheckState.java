package dev.lockstep.cutover.watch;

import java.time.Instant;

/**
 * How the operator's own check stands.
 *
 * @param at when it ended last
 * @param failures in a row; 0: it passed
 * @param said its last line, or why it could not be run; empty: nothing
 */
public record CheckState(Instant at, int failures, String said) {}
