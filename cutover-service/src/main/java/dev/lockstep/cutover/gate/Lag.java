package dev.lockstep.cutover.gate;

import java.time.Duration;
import java.util.Optional;

/**
 * A stage's lag.
 *
 * @param now since the newest barrier that all lanes have passed; empty: none has
 * @param p99 over the hold time; empty: not measured for so long yet
 */
public record Lag(Optional<Duration> now, Optional<Duration> p99) {

    public static final Lag UNKNOWN = new Lag(Optional.empty(), Optional.empty());

    Verdict within(String name, Duration limit) {
        Verdict current = within(name, now, limit);
        return current.isOpen() ? within(name + " p99", p99, limit) : current;
    }

    private static Verdict within(String name, Optional<Duration> measured, Duration limit) {
        if (measured.isEmpty()) return new Verdict.Unknown(name + " is not measured yet");
        Duration lag = measured.get();
        // A clock that was set back, not a pipeline from the future.
        if (lag.isNegative())
            return new Verdict.Unknown(name + " of " + Units.of(lag) + " makes no sense; check clocks");
        return lag.compareTo(limit) <= 0
                ? Verdict.OPEN
                : new Verdict.Closed(name + " " + Units.of(lag) + " exceeds " + Units.of(limit));
    }
}
