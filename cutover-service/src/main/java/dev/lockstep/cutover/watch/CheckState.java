package dev.lockstep.cutover.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the operator's own check stands.
 *
 * @param at when it ended last
 * @param failures in a row; 0: it passed
 * @param said its last line, or why it could not be run; empty: nothing
 * @param newest its newest runs, up to {@link #NEWEST}, the newest last
 */
public record CheckState(Instant at, int failures, String said, List<Run> newest) {

    static final int NEWEST = 20;

    /** Fewer runs say nothing about a share of them. */
    static final int ENOUGH = 10;

    public CheckState {
        newest = newest == null ? List.of() : List.copyOf(newest); // one of an older process has none
    }

    /** One run, and how long it took. */
    public record Run(boolean passed, long millis) {}

    /**
     * The state after one more run.
     *
     * @param failure why it failed; empty: it passed
     */
    static CheckState after(@Nullable CheckState before, Instant at, String failure, Duration took) {
        Run run = new Run(failure.isEmpty(), took.toMillis());
        List<Run> runs = before == null ? List.of() : before.newest;
        return new CheckState(
                at,
                run.passed() ? 0 : 1 + (before == null ? 0 : before.failures),
                failure,
                Stream.concat(runs.stream().skip(Math.max(0, runs.size() + 1 - NEWEST)), Stream.of(run))
                        .toList());
    }

    /** How many in a hundred of the newest runs failed; empty as long as they are too few. */
    public Optional<Long> failedPercent() {
        if (newest.size() < ENOUGH) return Optional.empty();
        long failed = newest.stream().filter(run -> !run.passed()).count();
        return Optional.of(failed * 100 / newest.size());
    }

    /** Within which 95 of 100 of the newest runs that passed have ended; empty as long as they are too few. */
    public Optional<Duration> latency() {
        long[] millis = newest.stream()
                .filter(Run::passed)
                .mapToLong(Run::millis)
                .sorted()
                .toArray();
        if (millis.length < ENOUGH) return Optional.empty();
        return Optional.of(Duration.ofMillis(millis[(millis.length * 95 + 99) / 100 - 1]));
    }
}
