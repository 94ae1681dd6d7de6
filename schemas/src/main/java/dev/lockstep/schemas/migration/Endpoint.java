package dev.lockstep.schemas.migration;

import dev.lockstep.schemas.table.Dialect;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A database and the user that Lockstep comes as.
 *
 * @param url JDBC URL with the database's name: {@code jdbc:postgresql://host:5432/shop}
 */
public record Endpoint(String url, String user, @Nullable Secret password) {

    public Endpoint {
        Dialect.of(url);
        if (database(url).isEmpty())
            throw new IllegalArgumentException("the URL names no database: " + url + " (add /NAME at its end)");
    }

    public Dialect dialect() {
        return Dialect.of(url);
    }

    public String host() {
        String host = location(url).getHost();
        return host == null ? "localhost" : host;
    }

    /** The port in the URL, or the engine's default. */
    public int port() {
        int port = location(url).getPort();
        if (port > 0) return port;
        return dialect().engine().equals("postgresql") ? 5432 : 3306;
    }

    public String database() {
        return database(url);
    }

    public String revealPassword() {
        return password == null ? "" : password.reveal();
    }

    /** A new connection in UTC with the session settings that every part relies on. */
    public Connection connect() throws SQLException {
        Properties properties = dialect().connectionProperties();
        properties.setProperty("user", user);
        properties.setProperty("password", revealPassword());
        return DriverManager.getConnection(url, properties);
    }

    /** A new connection that may write where the application may not. See {@link Dialect#writerSession}. */
    public Connection connectWriter() throws SQLException {
        Connection connection = connect();
        try (var statement = connection.createStatement()) {
            for (String setting : dialect().writerSession(false)) statement.execute(setting);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    private static URI location(String url) {
        return URI.create(url.substring("jdbc:".length()));
    }

    private static String database(String url) {
        String path = location(url).getPath();
        return path == null || path.isEmpty() ? "" : path.substring(1);
    }
}
