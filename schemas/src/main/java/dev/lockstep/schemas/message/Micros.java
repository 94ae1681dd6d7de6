package dev.lockstep.schemas.message;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Microseconds since the epoch, as messages carry them. */
public final class Micros {

    public static final long PER_SECOND = 1_000_000;

    private Micros() {}

    public static long of(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    public static Instant toInstant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    public static Duration toDuration(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }

    /** The second that a moment lies in, since the epoch. */
    public static long second(long micros) {
        return Math.floorDiv(micros, PER_SECOND);
    }
}
