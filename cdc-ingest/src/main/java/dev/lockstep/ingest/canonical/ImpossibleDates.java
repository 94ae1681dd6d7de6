package dev.lockstep.ingest.canonical;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Dates that MySQL and MariaDB store and no calendar has ({@code 0000-00-00}, {@code 2021-00-01}, {@code 2021-02-31}, the year 0), on their way
 * through Debezium as days that neither engine has: from 200,000 years before this era on, one for each.
 */
public final class ImpossibleDates {

    private static final long FIRST = LocalDate.of(-200_000, 1, 1).toEpochDay();
    private static final int MONTHS = 13;
    private static final int DAYS = 32;
    private static final long LAST = FIRST + 10_000L * MONTHS * DAYS;

    private ImpossibleDates() {}

    /** A day that stands for the date as the log has it. */
    public static LocalDate standIn(int year, int month, int day) {
        return LocalDate.ofEpochDay(FIRST + ((long) year * MONTHS + month) * DAYS + day);
    }

    /** The date that the day stands for, as the server spells it; null for any other day. */
    static @Nullable String spelled(long epochDay) {
        if (epochDay < FIRST || epochDay >= LAST) return null;
        int code = (int) (epochDay - FIRST);
        return "%04d-%02d-%02d".formatted(code / DAYS / MONTHS, code / DAYS % MONTHS, code % DAYS);
    }
}
