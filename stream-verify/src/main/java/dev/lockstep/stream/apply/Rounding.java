package dev.lockstep.stream.apply;

import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Refuses values with more digits behind the point than their column has: all three engines would round them in silence. */
final class Rounding {

    private static final int ANY = Integer.MAX_VALUE;
    private static final Pattern DECIMAL = Pattern.compile("(?:numeric|decimal)\\((\\d+)(?:,(-?\\d+))?\\).*");
    private static final Pattern WHOLE = Pattern.compile("(tiny|small|medium|big)?int(eger)?\\b.*|year.*|bit.*|oid");
    private static final Pattern CLOCK = Pattern.compile("(?:time|timestamp|datetime)\\b(?:\\((\\d)\\))?.*");

    private final List<Destination.Column> columns;
    private final int[] digits;

    private Rounding(List<Destination.Column> columns, int[] digits) {
        this.columns = columns;
        this.digits = digits;
    }

    /**
     * @param clockDigits the digits of a second that a type without a number has
     */
    static Rounding of(Destination table, int clockDigits) {
        return new Rounding(
                table.columns(),
                table.columns().stream()
                        .mapToInt(column -> digits(column, clockDigits))
                        .toArray());
    }

    /**
     * @throws SQLException naming the column, as the server would for a value that does not fit
     */
    void refuse(Row row) throws SQLException {
        for (int i = 0; i < digits.length; i++)
            if (digits[i] != ANY && isFiner(row.get(i), digits[i]))
                throw new SQLDataException(
                        columns.get(i).name() + ", a " + columns.get(i).type()
                                + ", would round a value that has more digits",
                        "22003");
    }

    private static int digits(Destination.Column column, int clockDigits) {
        return switch (column.kind()) {
            case NUMBER -> decimals(column.type());
            case TIME, LOCAL_TIMESTAMP, INSTANT -> fraction(column.type(), clockDigits);
            default -> ANY;
        };
    }

    private static int decimals(String type) {
        if (WHOLE.matcher(type).matches()) return 0;
        Matcher decimal = DECIMAL.matcher(type);
        if (!decimal.matches()) return ANY;
        return decimal.group(2) == null ? 0 : Integer.parseInt(decimal.group(2));
    }

    private static int fraction(String type, int clockDigits) {
        Matcher clock = CLOCK.matcher(type);
        if (!clock.matches()) return ANY;
        int digits = clock.group(1) == null ? clockDigits : Integer.parseInt(clock.group(1));
        return digits >= 6 ? ANY : digits;
    }

    private static boolean isFiner(Value value, int digits) {
        if (value instanceof Value.Exact v)
            return v.value().scale() > digits && v.value().stripTrailingZeros().scale() > digits;
        if (value instanceof Value.Time v) return isFiner(v.micros(), digits);
        if (value instanceof Value.LocalTimestamp v) return isFiner(v.micros(), digits);
        return value instanceof Value.Instant v && isFiner(v.micros(), digits);
    }

    private static boolean isFiner(long micros, int digits) {
        long unit = 1;
        for (int i = digits; i < 6; i++) unit *= 10;
        return micros % unit != 0;
    }
}
