package dev.lockstep.schemas.table;

import java.time.DateTimeException;
import java.time.LocalDate;

/** Dates and times as MySQL and MariaDB spell them. A date that is none, as a zero date, is refused. */
final class SpelledTimes {

    private static final long SECOND = 1_000_000L;

    private SpelledTimes() {}

    /** {@code 2026-11-22} as days since 1970-01-01. */
    static long date(String text) {
        int dayAt = text.lastIndexOf('-');
        int monthAt = text.lastIndexOf('-', dayAt - 1);
        int year = number(text, 0, monthAt);
        int month = number(text, monthAt + 1, dayAt);
        int day = number(text, dayAt + 1, text.length());
        if (year == 0) throw new DateTimeException("a date of the year 0, which other engines do not have");
        try {
            return LocalDate.of(year, month, day).toEpochDay();
        } catch (DateTimeException e) {
            throw new DateTimeException("a date that is none, which no other engine stores", e);
        }
    }

    /** {@code 2026-11-22 07:05:00.000001}, its fraction of any length or absent, in microseconds since 1970-01-01T00:00:00. */
    static long timestamp(String text) {
        int space = text.indexOf(' ');
        return Math.addExact(
                Math.multiplyExact(date(text.substring(0, space)), 86_400 * SECOND), time(text.substring(space + 1)));
    }

    /** {@code -838:59:59.000000}, its fraction of any length or absent, in microseconds. */
    static long time(String text) {
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
