package dev.lockstep.schemas.migration;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a cutover may begin.
 *
 * @param days {@code mon} to {@code sun} on which the window opens; none: every day
 * @param hours {@code 01:00-05:00}; an end that is not later than the beginning is on the next day; none: the whole day
 * @param zone whose clocks; none: UTC
 */
public record WindowRules(List<String> days, String hours, String zone) {

    private static final List<String> DAYS =
            Arrays.stream(DayOfWeek.values()).map(WindowRules::word).toList();
    private static final Pattern HOURS = Pattern.compile("(\\d\\d:\\d\\d)\\s*-\\s*(\\d\\d:\\d\\d)");
    private static final String WHOLE_DAY = "00:00-24:00";

    /** A window opens again at the latest in a week, and one that spring's change of clocks leaves out a week after that. */
    private static final int LOOK_AHEAD_DAYS = 15;

    @SuppressWarnings("NullAway") // what the file leaves out arrives as null, and leaves here as its default
    public WindowRules {
        days = days == null || days.isEmpty()
                ? DAYS
                : days.stream().map(day -> day.toLowerCase(Locale.ROOT)).toList();
        hours = hours == null ? WHOLE_DAY : hours;
        zone = zone == null ? "UTC" : zone;
        for (String day : days)
            if (!DAYS.contains(day))
                throw new IllegalArgumentException(
                        "cutover.window.days: of " + String.join(", ", DAYS) + ", not '" + day + "'");
        Hours.of(hours);
        zoneId(zone);
    }

    /** From the beginning, included, to the end, not included. */
    private record Span(Instant from, Instant to) {
        boolean holds(Instant at) {
            return !at.isBefore(from) && at.isBefore(to);
        }
    }

    private record Hours(LocalTime from, LocalTime to) {

        static Hours of(String text) {
            Matcher matcher = HOURS.matcher(text);
            if (!matcher.matches()) throw wrong(text);
            try {
                boolean midnight = matcher.group(2).equals("24:00");
                LocalTime from = LocalTime.parse(matcher.group(1));
                LocalTime to = midnight ? LocalTime.MIDNIGHT : LocalTime.parse(matcher.group(2));
                if (from.equals(to) && !midnight) throw wrong(text);
                return new Hours(from, to);
            } catch (DateTimeException e) {
                throw wrong(text);
            }
        }

        private static IllegalArgumentException wrong(String text) {
            return new IllegalArgumentException(
                    "cutover.window.hours: from-to such as 01:00-05:00 or 22:30-04:00, not '" + text + "'");
        }

        LocalDate lastDay(LocalDate first) {
            return to.isAfter(from) ? first : first.plusDays(1);
        }
    }

    /** Whether it is open. */
    public boolean isOpen(Instant at) {
        LocalDate today = at.atZone(zoneId()).toLocalDate();
        return spanOf(today).filter(span -> span.holds(at)).isPresent()
                || spanOf(today.minusDays(1)).filter(span -> span.holds(at)).isPresent();
    }

    /** When it next opens, after this moment; empty: not within two weeks, as clocks change over it. */
    public Optional<Instant> opensAfter(Instant at) {
        LocalDate today = at.atZone(zoneId()).toLocalDate();
        return today.datesUntil(today.plusDays(LOOK_AHEAD_DAYS))
                .flatMap(day -> spanOf(day).stream())
                .filter(span -> span.from.isAfter(at) && span.from.isBefore(span.to))
                .map(Span::from)
                .findFirst();
    }

    /**
     * The window that opens on a day. Where clocks go forward over one of its ends, that end comes later by as much; where they go back over
     * it, it is the first of the two that count. So a window over such a night is as long as its clocks say, or an hour more or less.
     */
    private Optional<Span> spanOf(LocalDate day) {
        if (!days.contains(word(day.getDayOfWeek()))) return Optional.empty();
        Hours span = Hours.of(hours);
        return Optional.of(new Span(
                day.atTime(span.from).atZone(zoneId()).toInstant(),
                span.lastDay(day).atTime(span.to).atZone(zoneId()).toInstant()));
    }

    public ZoneId zoneId() {
        return zoneId(zone);
    }

    private static ZoneId zoneId(String zone) {
        if (zone.equals("UTC")) return ZoneOffset.UTC;
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "cutover.window.zone: a zone such as Europe/Berlin or UTC, not '" + zone + "'", e);
        }
    }

    private static String word(DayOfWeek day) {
        return day.name().substring(0, 3).toLowerCase(Locale.ROOT);
    }

    /** {@code mon, tue 01:00-05:00 Europe/Berlin}. */
    @Override
    public String toString() {
        return (days.size() == DAYS.size() ? "" : String.join(", ", days) + " ") + hours + " " + zone;
    }
}
