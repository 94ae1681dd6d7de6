package dev.lockstep.cutover.sequence;

import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How an engine keeps what gives out numbers. */
interface Engine {

    static Engine of(Dialect dialect) {
        return dialect.engine().equals("postgresql") ? new PostgresSequences(dialect) : new AutoIncrement(dialect);
    }

    int LOCK_SECONDS = 3;

    /**
     * A column of a table whose counter gives out its values, or a sequence that belongs to none.
     *
     * @param column empty: a sequence
     */
    record Place(TableId name, String column) {

        @Override
        public String toString() {
            return column.isEmpty() ? name.toString() : name + "." + column;
        }
    }

    /**
     * From here on no statement of the connection waits longer for a lock than {@link #LOCK_SECONDS}, and where the engine can end it none takes longer than
     * an answer may.
     */
    void bound(Connection connection, Duration answer) throws SQLException;

    /** What everything in the schema gives out next; in few queries, however much there is. */
    Map<Place, Long> next(Connection connection, String schema) throws SQLException;

    /**
     * What is to be set.
     *
     * @param own what it gives out next now
     * @param next what the other side would give out next
     */
    record Setting(Place place, long own, long next) {}

    /**
     * Makes each give out that number next or one beyond, where it counts to, and a column's counter one beyond every value stored. None goes
     * back.
     */
    void advance(Connection connection, List<Setting> settings) throws SQLException;

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
}
