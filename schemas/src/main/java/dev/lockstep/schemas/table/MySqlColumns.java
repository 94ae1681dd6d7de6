package dev.lockstep.schemas.table;

import dev.lockstep.schemas.row.Value;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Function;

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
            // double(10,2) shows two digits of what it holds
            case DOUBLE ->
                new ColumnReader(
                        type.startsWith("double(") ? "(" + column + " * 1e0)" : column, ColumnReader::ofDouble);
            case TEXT, SPELLED -> new ColumnReader(column, ColumnReader::text);
            case PADDED_TEXT -> new ColumnReader(column, ColumnReader::paddedText);
            case BINARY, GEOMETRY -> new ColumnReader(column, ColumnReader::binary);
            case DATE -> spelled(column, SpelledTimes::dateOrText);
            case TIME -> spelled(column, text -> new Value.Time(SpelledTimes.time(text)));
            case LOCAL_TIMESTAMP -> spelled(column, SpelledTimes::timestampOrText);
            case INSTANT -> spelled(column, SpelledTimes::instantOrText);
            case JSON -> new ColumnReader(column, ColumnReader::json);
            case UUID -> type.contains("binary") ? ColumnReader.uuidOctets(column) : ColumnReader.uuid(column);
            case BITS -> bits(column, type);
        };
    }

    private static ColumnReader number(String column, String type) {
        if (type.startsWith("decimal") || (type.startsWith("bigint") && type.contains("unsigned")))
            return new ColumnReader(column, ColumnReader::exact);
        if (type.startsWith("year") || type.startsWith("bit"))
            return new ColumnReader("(" + column + " + 0)", ColumnReader::whole);
        return new ColumnReader(column, ColumnReader::whole);
    }

    /** A bit field as its digits; as text where the column is text. */
    private static ColumnReader bits(String column, String type) {
        if (!type.startsWith("bit(")) return new ColumnReader(column, ColumnReader::text);
        String digits = type.substring(4, type.indexOf(')'));
        return new ColumnReader("lpad(bin(" + column + "), " + digits + ", '0')", ColumnReader::text);
    }

    private static Value single(ResultSet row, int index) throws SQLException {
        double value = row.getDouble(index);
        return value == 0 && row.wasNull() ? Value.NULL : new Value.Single((float) value);
    }

    private static ColumnReader spelled(String column, Function<String, Value> parser) {
        return ColumnReader.spelled("cast(" + column + " as char)", parser);
    }
}
