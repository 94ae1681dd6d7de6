package dev.lockstep.schemas.table;

import dev.lockstep.schemas.row.Value;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * How the drivers of MySQL and MariaDB deliver each type. What the two drivers make something of by themselves (dates, floats) is
 * asked of the server as text or double: one throws on a zero date where the other says NULL, and text shows a float in six digits.
 */
final class MySqlColumns {

    private MySqlColumns() {}

    static ColumnReader of(String column, Kind kind, String type) {
        return switch (kind) {
            case NUMBER -> number(column, type);
            // a factor of one makes a double of it and keeps the sign of zero
            case FLOAT -> new ColumnReader("(" + column + " * 1e0)", MySqlColumns::single);
            case DOUBLE -> new ColumnReader(column, ColumnReader::ofDouble);
            case TEXT -> new ColumnReader(column, ColumnReader::text);
            case PADDED_TEXT -> new ColumnReader(column, ColumnReader::paddedText);
            case BINARY -> new ColumnReader(column, ColumnReader::binary);
            case DATE -> spelled(column, text -> new Value.Date(SpelledTimes.date(text)));
            case TIME -> spelled(column, text -> new Value.Time(SpelledTimes.time(text)));
            case LOCAL_TIMESTAMP -> spelled(column, text -> new Value.LocalTimestamp(SpelledTimes.timestamp(text)));
            case INSTANT -> spelled(column, text -> new Value.Instant(SpelledTimes.timestamp(text)));
            case JSON -> new ColumnReader(column, ColumnReader::json);
        };
    }

    private static ColumnReader number(String column, String type) {
        if (type.startsWith("decimal") || (type.startsWith("bigint") && type.contains("unsigned")))
            return new ColumnReader(column, ColumnReader::exact);
        if (type.startsWith("year")) return new ColumnReader("(" + column + " + 0)", ColumnReader::whole);
        return new ColumnReader(column, ColumnReader::whole);
    }

    private static Value single(ResultSet row, int index) throws SQLException {
        double value = row.getDouble(index);
        return value == 0 && row.wasNull() ? Value.NULL : new Value.Single((float) value);
    }

    private interface Parser {
        Value parse(String text);
    }

    private static ColumnReader spelled(String column, Parser parser) {
        return new ColumnReader("cast(" + column + " as char)", (row, index) -> {
            String text = row.getString(index);
            return text == null ? Value.NULL : parser.parse(text);
        });
    }
}
