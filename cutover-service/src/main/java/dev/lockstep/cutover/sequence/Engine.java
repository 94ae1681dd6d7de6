package dev.lockstep.cutover.sequence;

import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How an engine keeps what gives out numbers. */
interface Engine {

    static Engine of(Dialect dialect) {
        return dialect.engine().equals("postgresql")
                ? new PostgresSequences(dialect)
                : new AutoIncrement(dialect, new MariaDbSequences(dialect));
    }

    /** What the table's counters give out next, by column. */
    Map<String, Long> ofTable(Connection connection, TableId table) throws SQLException;

    /** Makes the column's counter give out at least this number next, and one beyond every value stored; nothing where it has none. */
    void advance(Connection connection, TableId table, String column, long next) throws SQLException;

    /** What the schema's sequences that belong to no table give out next. */
    Map<TableId, Long> ofNoTable(Connection connection, String schema) throws SQLException;

    /** Makes such a sequence, which is there, give out at least this number next. */
    void advance(Connection connection, TableId sequence, long next) throws SQLException;

    /** The rows' columns as texts. */
    static List<List<String>> rows(Connection connection, String query, String... parameters) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (var statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) statement.setString(i + 1, parameters[i]);
            try (var found = statement.executeQuery()) {
                int columns = found.getMetaData().getColumnCount();
                while (found.next()) {
                    List<String> row = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) row.add(found.getString(i));
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    static long number(Connection connection, String query) throws SQLException {
        return Long.parseLong(rows(connection, query).get(0).get(0));
    }
}
