package dev.lockstep.stream.lag;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Microseconds since the epoch, as messages carry them. */
final class Micros {

    static final long PER_SECOND = 1_000_000;

    private Micros() {}

    static long of(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static Instant toInstant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static Duration toDuration(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }

    /** The second that a moment lies in, since the epoch. */
    static long second(long micros) {
        return Math.floorDiv(micros, PER_SECOND);
    }
}
