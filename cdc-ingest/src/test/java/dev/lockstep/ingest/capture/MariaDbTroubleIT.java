package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.migration.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
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
        CaptureContract.execute(database, "flush binary logs");
    }

    @Override
    void loseTheLog() throws SQLException {
        CaptureContract.execute(
                database,
                "insert into shop.item values (3, 'nobody will ever see it')",
                "flush binary logs",
                "insert into shop.item values (4, 'nor is it the next one')");
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            String newest = "";
            try (var rows = statement.executeQuery("show binary logs")) {
                while (rows.next()) newest = rows.getString(1);
            }
            statement.execute("purge binary logs to '" + newest + "'");
        }
    }

    @AfterEach
    void close() {
        mariaDb.close();
    }
}
