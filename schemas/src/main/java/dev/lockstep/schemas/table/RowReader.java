package dev.lockstep.schemas.table;

import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads a table's rows straight from its database: the same canonical values as change capture delivers of the same rows. How each
 * type is read stands in {@link PostgresColumns} and {@link MySqlColumns} alone.
 */
public final class RowReader {

    private final TableMapping table;
    private final List<ColumnReader> columns;

    private RowReader(TableMapping table, List<ColumnReader> columns) {
        this.table = table;
        this.columns = columns;
    }

    /** Of the table on the source, whose dialect it is. */
    public static RowReader ofSource(Dialect dialect, TableMapping table) {
        return new RowReader(
                table,
                table.columns().stream()
                        .map(c -> ColumnReader.of(dialect, c.name(), c.kind(), c.sourceType()))
                        .toList());
    }

    /** Of the table on the target, whose dialect it is. */
    public static RowReader ofTarget(Dialect dialect, TableMapping table) {
        return new RowReader(
                table,
                table.columns().stream()
                        .map(c -> ColumnReader.of(dialect, c.targetName(), c.kind(), c.targetType()))
                        .toList());
    }

    /** What to select, in the mapping's column order. */
    public String selectList() {
        return columns.stream().map(ColumnReader::expression).collect(Collectors.joining(", "));
    }

    /**
     * The row that the cursor stands on, of a query whose first columns are the {@link #selectList}.
     *
     * @throws UnreadableValueException if a value cannot be carried; it names table and column, never the value
     */
    public Row read(ResultSet row) throws SQLException {
        List<Value> values = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) values.add(value(row, i));
        return new Row(values);
    }

    private Value value(ResultSet row, int column) throws SQLException {
        try {
            return columns.get(column).reading().read(row, column + 1);
        } catch (SQLException e) {
            if (e.getSQLState() != null && e.getSQLState().startsWith("08")) throw e; // the connection, not the value
            throw unreadable(column, e);
        } catch (ArithmeticException | IllegalArgumentException | java.time.DateTimeException e) {
            throw unreadable(column, e);
        }
    }

    private UnreadableValueException unreadable(int column, Exception cause) {
        return new UnreadableValueException(
                table.id() + "." + table.columns().get(column).name() + ": " + cause.getMessage(), cause);
    }
}
