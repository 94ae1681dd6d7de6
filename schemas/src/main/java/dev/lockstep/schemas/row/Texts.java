package dev.lockstep.schemas.row;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.HexFormat;

/** Values in the spelling that all three engines read as a literal: ISO dates, microseconds, plain decimals. */
public final class Texts {

    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 6, 6, true)
            .toFormatter();

    private Texts() {}

    /** A date as {@code 2026-11-22}. */
    public static String date(long epochDay) {
        return LocalDate.ofEpochDay(epochDay).toString();
    }

    /** A time of day as {@code 07:05:00.000001}; past 24 h and negative as MySQL spells them. */
    public static String time(long micros) {
        Duration time = Duration.ofNanos(Math.abs(micros) * 1000);
        return (micros < 0 ? "-" : "")
                + "%02d:%02d:%02d.%06d"
                        .formatted(
                                time.toHours(), time.toMinutesPart(), time.toSecondsPart(), time.toNanosPart() / 1000);
    }

    /** A timestamp on the wall clock of UTC as {@code 2026-11-22 07:05:00.000001}, without a zone. */
    public static String timestamp(long micros) {
        return TIMESTAMP.format(LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), (int) Math.floorMod(micros, 1_000_000L) * 1000, ZoneOffset.UTC));
    }

    /** The inverse of {@link #timestamp}: microseconds since 1970-01-01T00:00:00. */
    public static long micros(LocalDateTime timestamp) {
        return Math.addExact(
                Math.multiplyExact(timestamp.toEpochSecond(ZoneOffset.UTC), 1_000_000L), timestamp.getNano() / 1000);
    }

    /** Microseconds since midnight. */
    public static long micros(LocalTime time) {
        return time.toNanoOfDay() / 1000;
    }

    static String display(Value value) {
        if (value instanceof Value.Null) return "NULL";
        if (value instanceof Value.Whole v) return Long.toString(v.value());
        if (value instanceof Value.Exact v) return v.value().toPlainString();
        if (value instanceof Value.Single v) return Float.toString(v.value());
        if (value instanceof Value.Double v) return Double.toString(v.value());
        if (value instanceof Value.Text v) return v.value();
        if (value instanceof Value.Binary v) return "0x" + HexFormat.of().formatHex(v.value());
        if (value instanceof Value.Date v) return date(v.epochDay());
        if (value instanceof Value.Time v) return time(v.micros());
        if (value instanceof Value.LocalTimestamp v) return timestamp(v.micros());
        if (value instanceof Value.Instant v) return timestamp(v.micros()) + "Z";
        return ((Value.Json) value).text();
    }
}
