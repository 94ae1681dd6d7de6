package dev.lockstep.schemas.table;

import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.regex.Pattern;

/**
 * The text of a PostgreSQL type as it is carried: what the server shows, in one spelling where that hangs on the session's settings
 * or the driver takes the value apart. The server reads it back as the same value.
 */
public final class PostgresSpelling {

    private static final Pattern INSTANT =
            Pattern.compile("(\\d{4,6}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?)([+-]\\d\\d(?::\\d\\d){0,2})");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?|-?Infinity|NaN");
    private static final DateTimeFormatter UTC = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
            .appendLiteral("+00")
            .toFormatter();

    private PostgresSpelling() {}

    /**
     * @param type as the catalog spells it
     * @throws IllegalArgumentException if the text is not of the type, or one of its values that cannot be carried
     */
    public static String of(String type, String text) {
        if (type.startsWith("interval")) return PostgresInterval.parse(text).toString();
        if (type.startsWith("tstz") || type.endsWith("with time zone[]")) return inUtc(text);
        return switch (type) {
            case "point", "line", "lseg", "box", "path", "polygon", "circle" -> shape(text);
            default -> text;
        };
    }

    private static String shape(String text) {
        return NUMBER.matcher(text).replaceAll(number -> Double.toString(Double.parseDouble(number.group())));
    }

    private static String inUtc(String text) {
        if (text.contains(" BC"))
            throw new IllegalArgumentException(
                    "a moment before the year 1 within a range or an array, which cannot be carried");
        return INSTANT.matcher(text).replaceAll(m -> utc(m.group(1), m.group(2), m.group(3)));
    }

    private static String utc(String date, String time, String offset) {
        LocalDateTime local = LocalDateTime.parse((date.length() > 10 ? "+" : "") + date + "T" + time);
        String text = UTC.format(OffsetDateTime.of(local, ZoneOffset.of(offset)).withOffsetSameInstant(ZoneOffset.UTC));
        return text.startsWith("+") ? text.substring(1) : text;
    }
}
