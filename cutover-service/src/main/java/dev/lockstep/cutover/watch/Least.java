package dev.lockstep.cutover.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** The least of what was seen all through a time that ends now: it exceeds a bound only if every look did. */
public final class Least<T extends Comparable<T>> {

    private final Duration time;
    private final Deque<Seen<T>> seen = new ArrayDeque<>();

    private record Seen<T>(Instant at, T value) {}

    public Least(Duration time) {
        this.time = time;
    }

    /**
     * What is seen now; what is not known interrupts the time.
     *
     * @return the least; empty as long as less than the time was seen
     */
    public Optional<T> of(Optional<T> value, Instant now) {
        if (value.isEmpty() || (!seen.isEmpty() && now.isBefore(seen.getLast().at()))) seen.clear();
        if (value.isEmpty()) return Optional.empty();
        seen.add(new Seen<>(now, value.get()));
        Instant from = now.minus(time);
        while (seen.size() > 1 && !second().at().isAfter(from)) seen.removeFirst();
        if (seen.getFirst().at().isAfter(from)) return Optional.empty();
        return seen.stream().map(Seen::value).min(Comparable::compareTo);
    }

    private Seen<T> second() {
        return seen.stream().skip(1).findFirst().orElseThrow();
    }

    public void forget() {
        seen.clear();
    }
}
