package dev.lockstep.cutover.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What costs something to look at, looked at anew once it is older than so much. For one thread. */
final class Looked<T> {

    private final Duration age;
    private final Function<Instant, T> look;
    private @Nullable T seen;
    private Instant at = Instant.MIN;

    /**
     * @param look at that moment
     */
    Looked(Duration age, Function<Instant, T> look) {
        this.age = age;
        this.look = look;
    }

    T at(Instant now) {
        if (seen == null || at.plus(age).isBefore(now)) {
            seen = look.apply(now);
            at = now;
        }
        return Objects.requireNonNull(seen);
    }
}
