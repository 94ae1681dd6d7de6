package dev.lockstep.schemas.table;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PostgreSQL's interval: its three fields do not convert into each other ({@code 1 mon} is not {@code 30 days}).
 */
record PostgresInterval(long months, long days, long micros) {

    private static final Pattern PART = Pattern.compile(
            "([+-]?\\d+(?:\\.\\d+)?) (year|mon|day|hour|min|sec)s?|([+-]?)(\\d+):(\\d\\d)(?::(\\d\\d(?:\\.\\d+)?))?| +");

    /** Reads the style {@code postgres}, and what its driver makes of it. */
    static PostgresInterval parse(String text) {
        long months = 0;
        long days = 0;
        BigDecimal seconds = BigDecimal.ZERO;
        Matcher part = PART.matcher(text);
        int at = 0;
        for (; at < text.length() && part.find(at) && part.start() == at; at = part.end()) {
            if (part.group(1) != null) {
                BigDecimal number = new BigDecimal(part.group(1));
                switch (part.group(2)) {
                    case "year" -> months += number.longValueExact() * 12;
                    case "mon" -> months += number.longValueExact();
                    case "day" -> days += number.longValueExact();
                    case "hour" -> seconds = seconds.add(number.multiply(BigDecimal.valueOf(3600)));
                    case "min" -> seconds = seconds.add(number.multiply(BigDecimal.valueOf(60)));
                    default -> seconds = seconds.add(number);
                }
            } else if (part.group(4) != null) seconds = seconds.add(clock(part));
        }
        if (at < text.length()) throw new IllegalArgumentException("not an interval that can be carried: " + text);
        return new PostgresInterval(months, days, seconds.movePointRight(6).longValueExact());
    }

    private static BigDecimal clock(Matcher part) {
        BigDecimal seconds = part.group(6) == null ? BigDecimal.ZERO : new BigDecimal(part.group(6));
        BigDecimal all = seconds.add(
                BigDecimal.valueOf(Long.parseLong(part.group(4)) * 3600 + Long.parseLong(part.group(5)) * 60));
        return part.group(3).equals("-") ? all.negate() : all;
    }

    /** As {@code 14 mons -3 days 04:05:06.000007}, every part signed by itself. */
    @Override
    public String toString() {
        long clock = Math.abs(micros);
        return "%d mons %d days %s%02d:%02d:%02d.%06d"
                .formatted(
                        months,
                        days,
                        micros < 0 ? "-" : "",
                        clock / 3_600_000_000L,
                        clock / 60_000_000L % 60,
                        clock / 1_000_000L % 60,
                        clock % 1_000_000L);
    }
}
