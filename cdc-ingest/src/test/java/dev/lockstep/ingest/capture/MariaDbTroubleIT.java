package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.migration.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;

class MariaDbTroubleIT extends SourceTroubleContract {

    private EmbeddedMariaDb mariaDb;
    private Endpoint database;

    @Override
    Endpoint database() throws SQLException {
        mariaDb = EmbeddedMariaDb.start(directory.resolve("mariadb"), "127.0.0.1");
        mariaDb.createDatabase("shop");
        database = new Endpoint(mariaDb.url("shop"), mariaDb.user(), null);
        CaptureContract.execute(database, "create table shop.item (id int primary key, name varchar(50))");
        return database;
    }

    @Override
    int port() {
        return mariaDb.port();
    }

    /** Every session ends, and the log goes on in a new file, as after a restart. */
    @Override
    void crash() throws SQLException {
        endSessions();
        CaptureContract.execute(database, "flush binary logs");
    }

    private void endSessions() throws SQLException {
        List<Long> sessions = new ArrayList<>();
        try (Connection connection = database.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select id from information_schema.processlist where id <> connection_id()"
                                + " and command <> 'Daemon'")) {
            while (rows.next()) sessions.add(rows.getLong(1));
        }
        for (long session : sessions)
            try {
                CaptureContract.execute(database, "kill " + session);
            } catch (SQLException e) {
                if (!e.getMessage().contains("Unknown thread")) throw e;
            }
    }

    @Override
    void loseTheLog() throws SQLException {
        CaptureContract.execute(
                database,
                "set global slave_connections_needed_for_purge = 0",
                "insert into shop.item values (3, 'nobody will ever see it')",
                "flush binary logs",
                "insert into shop.item values (4, 'nor is it the next one')");
        endSessions(); // the server keeps a log file as long as a session reads it, also one whose reader is gone
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            String newest = names(statement).get(names(statement).size() - 1);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
                statement.execute("purge binary logs to '" + newest + "'");
                return names(statement).size() == 1;
            });
        }
    }

    private static List<String> names(Statement statement) throws SQLException {
        List<String> names = new ArrayList<>();
        try (var rows = statement.executeQuery("show binary logs")) {
            while (rows.next()) names.add(rows.getString(1));
        }
        return names;
    }

    @AfterEach
    void close() {
        mariaDb.close();
    }
}
