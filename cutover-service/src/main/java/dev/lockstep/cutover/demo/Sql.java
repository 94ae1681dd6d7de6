package dev.lockstep.cutover.demo;

import dev.lockstep.schemas.table.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/** Statements with parameters, alike on the three engines. */
final class Sql {

    private final Connection connection;
    private final boolean postgres;

    Sql(Connection connection, Dialect dialect) {
        this.connection = connection;
        postgres = Shop.isPostgres(dialect);
    }

    /** Runs an insert into a table whose key {@code id} the database gives; returns it. */
    long insert(String sql, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = postgres
                ? connection.prepareStatement(sql, new String[] {"id"})
                : connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
            bind(statement, arguments);
            statement.executeUpdate();
            try (var keys = statement.getGeneratedKeys()) {
                if (!keys.next()) throw new SQLException("the database told no key");
                return keys.getLong(1);
            }
        }
    }

    /** Returns the rows that were found. */
    int update(String sql, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, arguments);
            return statement.executeUpdate();
        }
    }

    /** The first column of the only row; 0 for NULL. */
    long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void bind(PreparedStatement statement, @Nullable Object... arguments) throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            Object argument = arguments[i];
            if (argument == null) statement.setNull(i + 1, Types.NULL);
            // Without a type of its own, a text becomes what the column is: jsonb, enum, timestamp.
            else if (argument instanceof String && postgres) statement.setObject(i + 1, argument, Types.OTHER);
            else statement.setObject(i + 1, argument);
        }
    }
}
