package dev.lockstep.schemas.table;

import dev.lockstep.schemas.row.Uuids;
import dev.lockstep.schemas.row.Value;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Function;

/**
 * How one column is read.
 *
 * @param expression what to select
 * @param reading makes the value out of what the driver delivers for the expression
 */
record ColumnReader(String expression, Reading reading) {

    interface Reading {
        Value read(ResultSet row, int index) throws SQLException;
    }

    /**
     * @param kind as what both sides compare the column
     * @param type as the catalog of this database spells it
     */
    static ColumnReader of(Dialect dialect, String name, Kind kind, String type) {
        String column = dialect.quote(name);
        return dialect instanceof PostgresDialect
                ? PostgresColumns.of(column, kind, type)
                : MySqlColumns.of(column, kind, type);
    }

    /** What the server shows of the expression, parsed. */
    static ColumnReader spelled(String expression, Function<String, Value> parser) {
        return new ColumnReader(expression, (row, index) -> {
            String text = row.getString(index);
            return text == null ? Value.NULL : parser.apply(text);
        });
    }

    static ColumnReader uuid(String column) {
        return spelled(column, text -> new Value.Text(Uuids.canonical(text)));
    }

    static ColumnReader uuidOctets(String column) {
        return new ColumnReader(column, (row, index) -> {
            byte[] octets = row.getBytes(index);
            return octets == null ? Value.NULL : new Value.Text(Uuids.text(octets));
        });
    }

    static Value whole(ResultSet row, int index) throws SQLException {
        long value = row.getLong(index);
        return value == 0 && row.wasNull() ? Value.NULL : new Value.Whole(value);
    }

    static Value exact(ResultSet row, int index) throws SQLException {
        var value = row.getBigDecimal(index);
        return value == null ? Value.NULL : new Value.Exact(value);
    }

    static Value ofDouble(ResultSet row, int index) throws SQLException {
        double value = row.getDouble(index);
        return value == 0 && row.wasNull() ? Value.NULL : new Value.Double(value);
    }

    static Value text(ResultSet row, int index) throws SQLException {
        String value = row.getString(index);
        return value == null ? Value.NULL : new Value.Text(value);
    }

    static Value paddedText(ResultSet row, int index) throws SQLException {
        String value = row.getString(index);
        return value == null ? Value.NULL : new Value.Text(withoutPadding(value));
    }

    static Value binary(ResultSet row, int index) throws SQLException {
        byte[] value = row.getBytes(index);
        return value == null ? Value.NULL : new Value.Binary(value);
    }

    static Value json(ResultSet row, int index) throws SQLException {
        String value = row.getString(index);
        return value == null ? Value.NULL : new Value.Json(value);
    }

    private static String withoutPadding(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') end--;
        return text.substring(0, end);
    }
}
