package dev.lockstep.schemas.table;

import dev.lockstep.schemas.row.Texts;
import dev.lockstep.schemas.row.Value;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.util.HexFormat;

/**
 * Values as literals of MySQL and MariaDB in a session without NO_BACKSLASH_ESCAPES and with time zone UTC, as
 * {@link Dialect#writerSession} sets it up.
 */
public final class MySqlLiteral {

    private MySqlLiteral() {}

    /**
     * @throws SQLException as the server would, for NaN, infinities and years that it has no spelling for
     */
    public static void append(StringBuilder out, Value value) throws SQLException {
        if (value instanceof Value.Null) out.append("NULL");
        else if (value instanceof Value.Whole v) out.append(v.value());
        else if (value instanceof Value.Exact v) out.append(v.value().toPlainString());
        else if (value instanceof Value.Single v)
            real(out, v.value()); // widened exactly, so the server rounds only once
        else if (value instanceof Value.Double v) real(out, v.value());
        else if (value instanceof Value.Text v) quote(out, v.value());
        else if (value instanceof Value.Json v) quote(out, v.text());
        else if (value instanceof Value.Binary v)
            out.append("x'").append(HexFormat.of().formatHex(v.value())).append('\'');
        else if (value instanceof Value.Date v) quote(out, dated(Texts.date(v.epochDay())));
        else if (value instanceof Value.Time v) quote(out, Texts.time(v.micros()));
        else if (value instanceof Value.LocalTimestamp v) quote(out, dated(Texts.timestamp(v.micros())));
        else if (value instanceof Value.Instant v) quote(out, dated(Texts.timestamp(v.micros())));
    }

    /** With an exponent always: without one it would be an exact decimal, which has no −0. */
    private static void real(StringBuilder out, double value) throws SQLException {
        String text = Double.toString(finite(value));
        out.append(text);
        if (text.indexOf('E') < 0) out.append("E0");
    }

    /** The value, if there is a spelling for it. */
    public static double finite(double value) throws SQLException {
        if (Double.isNaN(value) || Double.isInfinite(value))
            throw new SQLDataException("MySQL and MariaDB cannot hold " + value, "22003");
        return value;
    }

    /** The date or timestamp, if it is of the years 1 to 9999: others are read as something else. */
    public static String dated(String iso) throws SQLException {
        char first = iso.charAt(0);
        if (first == '-' || first == '+' || iso.startsWith("0000"))
            throw new SQLDataException("MySQL and MariaDB cannot hold a date before the year 1 or past 9999", "22007");
        return iso;
    }

    private static void quote(StringBuilder out, String text) {
        out.append('\'');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\'' || c == '\\') out.append('\\');
            if (c == '\0') out.append("\\0");
            else out.append(c);
        }
        out.append('\'');
    }
}
