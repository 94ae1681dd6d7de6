package dev.lockstep.cutover.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows that the target refused, and what an operator may do about them. */
public interface Letters {

    /**
     * Which rows: all that match what is not null.
     *
     * @param key as {@link Status.Letter} shows it
     * @param until of those whose newest change had come by then: whoever chose them has seen no later one
     * @param by who asks
     */
    record Choice(
            @Nullable String table,
            @Nullable String key,
            @Nullable Instant until,
            String by) {

        public boolean matches(Status.Letter letter) {
            return (table == null || table.equals(letter.table()))
                    && (key == null || key.equals(letter.key()))
                    && (until == null || !letter.newest().isAfter(until));
        }
    }

    /**
     * @param settled rows whose changes go to the target again
     * @param refused rows that the target still refuses, with what it says and what to do
     */
    record Outcome(int settled, List<String> refused) {}

    /** All that are open; empty while that is not known. */
    Optional<List<Status.Letter>> open();

    /**
     * Writes the rows as they are to be by now.
     *
     * @throws RuntimeException if it cannot be tried now; its message says why
     */
    Outcome retry(Choice choice) throws InterruptedException;

    /** Gives the changes up; likewise. */
    Outcome discard(Choice choice) throws InterruptedException;
}
