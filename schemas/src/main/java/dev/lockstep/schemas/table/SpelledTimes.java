package dev.lockstep.schemas.table;

import dev.lockstep.schemas.row.Value;
import java.time.LocalDate;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/** Dates and times as MySQL and MariaDB spell them. A date that is none, as a zero date, stays text. */
public final class SpelledTimes {

    private static final long SECOND = 1_000_000L;

    private SpelledTimes() {}

    /** A date; one that no calendar has ({@code 0000-00-00}, {@code 2021-00-01}) as its text, for only its own engine to read. */
    static Value dateOrText(String text) {
        LocalDate date = dateOf(text);
        return date == null ? new Value.Text(text) : new Value.Date(date.toEpochDay());
    }

    static Value timestampOrText(String text) {
        Value.@Nullable LocalTimestamp timestamp = timestamp(text);
        return timestamp == null ? new Value.Text(withMicros(text)) : timestamp;
    }

    /** As {@link #timestampOrText}, of a session in UTC. */
    static Value instantOrText(String text) {
        Value.@Nullable LocalTimestamp timestamp = timestamp(text);
        return timestamp == null ? new Value.Text(withMicros(text)) : new Value.Instant(timestamp.micros());
    }

    private static Value.@Nullable LocalTimestamp timestamp(String text) {
        int space = text.indexOf(' ');
        LocalDate date = dateOf(text.substring(0, space));
        if (date == null) return null;
        long day = Math.multiplyExact(date.toEpochDay(), 86_400 * SECOND);
        return new Value.LocalTimestamp(Math.addExact(day, time(text.substring(space + 1))));
    }

    private static @Nullable LocalDate dateOf(String text) {
        int dayAt = text.lastIndexOf('-');
        int monthAt = text.lastIndexOf('-', dayAt - 1);
        int year = number(text, 0, monthAt);
        int month = number(text, monthAt + 1, dayAt);
        int day = number(text, dayAt + 1, text.length());
        if (year == 0
                || month == 0
                || day == 0
                || day > YearMonth.of(year, month).lengthOfMonth()) return null;
        return LocalDate.of(year, month, day);
    }

    private static String withMicros(String text) {
        int dot = text.indexOf('.');
        return dot < 0 ? text + ".000000" : (text + "000000").substring(0, dot + 7);
    }

    /** {@code -838:59:59.000000}, its fraction of any length or absent, in microseconds. */
    public static long time(String text) {
        boolean negative = text.startsWith("-");
        int minuteAt = text.indexOf(':');
        int secondAt = text.indexOf(':', minuteAt + 1);
        int dot = text.indexOf('.');
        int end = dot < 0 ? text.length() : dot;
        long seconds = number(text, negative ? 1 : 0, minuteAt) * 3600L
                + number(text, minuteAt + 1, secondAt) * 60L
                + number(text, secondAt + 1, end);
        long micros = seconds * SECOND + (dot < 0 ? 0 : fraction(text, dot + 1));
        return negative ? -micros : micros;
    }

    private static long fraction(String text, int from) {
        long micros = number(text, from, text.length());
        for (int digits = text.length() - from; digits < 6; digits++) micros *= 10;
        return micros;
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }
}
