package dev.lockstep.cutover.phase;

import java.time.Instant;

/**
 * A phase entered.
 *
 * @param reason gates, operator, abort: for people
 */
public record Transition(Phase phase, String reason) {

    public Instant at() {
        return phase.at();
    }
}
