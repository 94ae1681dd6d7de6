package dev.lockstep.schemas.row;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HexFormat;

/** Values in the spelling that all three engines read as a literal: ISO dates, microseconds, plain decimals. */
public final class Texts {

    private static final long SECOND = 1_000_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Texts() {}

    /** A date as {@code 2026-11-22}. */
    public static String date(long epochDay) {
        return LocalDate.ofEpochDay(epochDay).toString();
    }

    /** A time of day as {@code 07:05:00.000001}; past 24 h and negative as MySQL spells them. */
    public static String time(long micros) {
        long clock = Math.abs(micros);
        long hours = clock / HOUR;
        return (micros < 0 ? "-" : "") + (hours < 100 ? "" : hours / 100) + clock(clock % (100 * HOUR));
    }

    /** A timestamp on the wall clock of UTC as {@code 2026-11-22 07:05:00.000001}, without a zone. */
    public static String timestamp(long micros) {
        return date(Math.floorDiv(micros, DAY)) + " " + clock(Math.floorMod(micros, DAY));
    }

    /** Without a formatter: of every copied row's time a good part was spent in one. */
    private static String clock(long micros) {
        byte[] text = "00:00:00.000000".getBytes(StandardCharsets.ISO_8859_1);
        digits(text, 0, 2, micros / HOUR);
        digits(text, 3, 2, micros / MINUTE % 60);
        digits(text, 6, 2, micros / SECOND % 60);
        digits(text, 9, 6, micros % SECOND);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void digits(byte[] text, int at, int count, long number) {
        long rest = number;
        for (int i = at + count - 1; i >= at; i--, rest /= 10) text[i] += (byte) (rest % 10);
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

    /** For people. */
    public static String display(Value value) {
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
