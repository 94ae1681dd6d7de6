package dev.lockstep.schemas.migration;

import dev.lockstep.schemas.table.Dialect;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
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
        return connect(new Properties());
    }

    /** The same; connecting fails after that time, and so does every statement whose answer takes longer. */
    public Connection connect(Duration answer) throws SQLException {
        return connect(bounded(answer));
    }

    private Connection connect(Properties settings) throws SQLException {
        Properties properties = dialect().connectionProperties();
        properties.putAll(settings);
        properties.setProperty("user", user);
        properties.setProperty("password", revealPassword());
        return DriverManager.getConnection(url, properties);
    }

    /** A new connection that may write where the application may not. See {@link Dialect#writerSession}. */
    public Connection connectWriter() throws SQLException {
        return toWrite(connect());
    }

    /**
     * The same, bounded until {@link #unbind}.
     *
     * @param mariaDbSockets class of the factory that MariaDB's driver has its sockets from
     */
    public Connection connectWriter(Duration answer, String mariaDbSockets) throws SQLException {
        Properties settings = bounded(answer);
        if (dialect().engine().equals("mariadb")) settings.setProperty("socketFactory", mariaDbSockets);
        return toWrite(connect(settings));
    }

    /** From here on statements may take as long as they like. */
    public void unbind(Connection connection) throws SQLException {
        if (!boundsAnswers()) connection.setNetworkTimeout(Runnable::run, 0);
    }

    private Properties bounded(Duration answer) {
        Properties settings = new Properties();
        if (boundsAnswers()) return settings;
        boolean seconds = dialect().engine().equals("postgresql");
        String timeout = Long.toString(seconds ? Math.max(1, answer.toSeconds()) : answer.toMillis());
        settings.setProperty("connectTimeout", timeout);
        settings.setProperty("socketTimeout", timeout);
        return settings;
    }

    /** Whether the URL does so itself. */
    private boolean boundsAnswers() {
        return url.contains("socketTimeout");
    }

    private Connection toWrite(Connection connection) throws SQLException {
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
