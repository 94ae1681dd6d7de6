package dev.lockstep.cutover.phase;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** A point in time, and the clock that says whether it has passed. */
public record Deadline(Clock clock, Instant end) {

    public static Deadline in(Clock clock, Duration duration) {
        return new Deadline(clock, clock.instant().plus(duration));
    }

    /** Never negative. */
    public Duration remaining() {
        Duration left = Duration.between(clock.instant(), end);
        return left.isNegative() ? Duration.ZERO : left;
    }

    public boolean isPast() {
        return remaining().isZero();
    }
}
