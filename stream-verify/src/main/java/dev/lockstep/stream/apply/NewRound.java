package dev.lockstep.stream.apply;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The beginning of a later round of copying, on the database that is written. */
public final class NewRound {

    /** What one statement removes on engines that keep the old versions of all its rows until it ends. */
    private static final int AT_ONCE = 20_000;

    private NewRound() {}

    /**
     * Empties the tables that are copied anew, so that no row is left that the source has no more. An applier that still runs elsewhere
     * writes nothing any more, and the lane has no barrier applied until one comes behind the copy. May be done again.
     */
    public static void begin(ApplyConfig config, List<TableMapping> tables) throws SQLException {
        Endpoint target = config.destination();
        try (Connection connection = target.connectWriter()) {
            new AppliedTable(target.dialect(), config.direction(), config.lane()).restart(connection);
            for (TableMapping table : tables) empty(connection, target.dialect(), table);
        }
    }

    private static void empty(Connection connection, Dialect dialect, TableMapping table) throws SQLException {
        String delete = "delete from " + dialect.quote(table.target());
        try (var statement = connection.createStatement()) {
            if (dialect.engine().equals("postgresql")) statement.executeUpdate(delete);
            else while (statement.executeUpdate(delete + " limit " + AT_ONCE) > 0) {}
        }
    }
}
