package dev.lockstep.cutover.demo;

import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** One server of each engine with a seeded shop that the application may write to. */
final class Databases implements AutoCloseable {

    static final String PASSWORD = "open'sesame\\";

    private final EmbeddedPostgres postgres;
    private final EmbeddedMariaDb mariadb;

    Databases(Path directory) {
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 16, "127.0.0.1");
        mariadb = EmbeddedMariaDb.start(directory.resolve("mariadb"), "127.0.0.2");
    }

    /** A shop in a new database; on MariaDB there is only one. */
    Destination postgresShop(String database, long rows) throws SQLException {
        postgres.createDatabase(database);
        return furnish(new Destination(postgres.url(database), "postgres", "postgres"), rows);
    }

    Destination mariadbShop(long rows) throws SQLException {
        try (Connection root = DriverManager.getConnection(mariadb.url(""), "root", "");
                var statement = root.createStatement()) {
            statement.execute("drop database if exists shop");
        }
        mariadb.createDatabase("shop");
        return furnish(new Destination(mariadb.url("shop"), "root", ""), rows);
    }

    private static Destination furnish(Destination admin, long rows) throws SQLException {
        try (Connection connection = connect(admin)) {
            Shop.create(connection, admin.dialect());
            Shop.seed(connection, admin.dialect(), rows, 7);
            Shop.grant(connection, admin.dialect(), WorldConfig.APPLICATION_USER, PASSWORD);
        }
        return admin;
    }

    /** The same database as the application. */
    static Destination application(Destination admin) {
        return new Destination(admin.url(), WorldConfig.APPLICATION_USER, PASSWORD);
    }

    static Connection connect(Destination destination) throws SQLException {
        Properties properties = destination.dialect().connectionProperties();
        properties.setProperty("user", destination.user());
        properties.setProperty("password", destination.password());
        return DriverManager.getConnection(destination.url(), properties);
    }

    static long number(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    static void execute(Connection connection, String statement) throws SQLException {
        try (var s = connection.createStatement()) {
            s.execute(statement);
        }
    }

    @Override
    public void close() {
        postgres.close();
        mariadb.close();
    }
}
