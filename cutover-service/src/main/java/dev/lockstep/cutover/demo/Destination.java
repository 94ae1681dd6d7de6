package dev.lockstep.cutover.demo;

import dev.lockstep.schemas.table.Dialect;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** How the application reaches the database at an address. The text form does not show the password. */
public record Destination(String url, String user, String password) {

    public Dialect dialect() {
        return Dialect.of(url);
    }

    /** A new connection in UTC, with transactions, that gives up on a silent server. */
    Connection connect() throws SQLException {
        Properties properties = dialect().connectionProperties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        boolean postgres = Shop.isPostgres(dialect());
        // PostgreSQL's driver counts in seconds, the others in milliseconds
        properties.setProperty("connectTimeout", postgres ? "2" : "2000");
        properties.setProperty("socketTimeout", postgres ? "10" : "10000");
        if (postgres) properties.setProperty("ApplicationName", "shop");
        Connection connection = DriverManager.getConnection(url, properties);
        try {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    @Override
    public String toString() {
        return user + " at " + url;
    }
}
