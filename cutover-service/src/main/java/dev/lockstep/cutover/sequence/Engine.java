package dev.lockstep.cutover.sequence;

import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;

/** How an engine keeps a table's counter. */
interface Engine {

    static Engine of(Dialect dialect) {
        return dialect.engine().equals("postgresql") ? new PostgresSequences(dialect) : new AutoIncrement(dialect);
    }

    /** The number that the table's counter gives out next; empty where it has none. */
    OptionalLong next(Connection connection, TableId table) throws SQLException;

    /** Makes the counter give out at least this number next, and one beyond every value stored. */
    void advance(Connection connection, TableId table, long next) throws SQLException;

    /** The first column of the first row, if there is one and it is not null. */
    static Optional<String> text(Connection connection, String query, String... parameters) throws SQLException {
        try (var statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) statement.setString(i + 1, parameters[i]);
            try (var row = statement.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
            }
        }
    }

    static OptionalLong number(Connection connection, String query, String... parameters) throws SQLException {
        Optional<String> text = text(connection, query, parameters);
        return text.isPresent() ? OptionalLong.of(Long.parseLong(text.get())) : OptionalLong.empty();
    }
}
