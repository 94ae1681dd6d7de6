package dev.lockstep.cutover.sequence;

import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;

/** MySQL's and MariaDB's counter of a table; InnoDB never sets it to what is stored already. */
record AutoIncrement(Dialect dialect) implements Engine {

    @Override
    public OptionalLong next(Connection connection, TableId table) throws SQLException {
        // MySQL caches this figure for a day unless told otherwise; a cutover is no time for yesterday's numbers.
        if (dialect.engine().equals("mysql")) {
            try (var statement = connection.createStatement()) {
                statement.execute("set session information_schema_stats_expiry = 0");
            }
        }
        return Engine.number(
                connection,
                "select auto_increment from information_schema.tables where table_schema = ? and table_name = ?",
                table.schema(),
                table.name());
    }

    @Override
    public void advance(Connection connection, TableId table, long next) throws SQLException {
        OptionalLong own = next(connection, table);
        if (own.isEmpty() || own.getAsLong() >= next) return;
        try (var statement = connection.createStatement()) {
            statement.execute("alter table " + dialect.quote(table) + " auto_increment = " + next);
        }
    }
}
