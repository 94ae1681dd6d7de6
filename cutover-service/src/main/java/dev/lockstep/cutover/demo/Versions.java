package dev.lockstep.cutover.demo;

import dev.lockstep.schemas.table.Dialect;
import java.sql.Connection;
import java.sql.SQLException;

/** Reads every row's version, as a stream. */
final class Versions {

    private Versions() {}

    static VersionMap read(Connection connection, Dialect dialect, ShopTable table) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false); // or PostgreSQL's driver gathers all rows first
        try (var statement = connection.createStatement()) {
            // MySQL's driver streams on this value alone
            statement.setFetchSize(dialect.engine().equals("mysql") ? Integer.MIN_VALUE : 10_000);
            VersionMap versions = new VersionMap();
            try (var rows = statement.executeQuery("select " + table.key() + ", version from " + table.id())) {
                while (rows.next()) versions.put(rows.getLong(1), rows.getLong(2));
            }
            return versions;
        } finally {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        }
    }
}
