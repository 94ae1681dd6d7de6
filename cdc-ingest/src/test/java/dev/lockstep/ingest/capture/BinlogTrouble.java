package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.migration.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** What MySQL and MariaDB servers suffer. */
final class BinlogTrouble {

    private BinlogTrouble() {}

    /** Also those that read the binlog. */
    static void endSessions(Endpoint database) throws SQLException {
        List<Long> sessions = new ArrayList<>();
        try (Connection connection = database.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select id from information_schema.processlist where id <> connection_id()"
                                + " and command <> 'Daemon' and user <> 'event_scheduler'")) {
            while (rows.next()) sessions.add(rows.getLong(1));
        }
        for (long session : sessions)
            try {
                CaptureContract.execute(database, "kill " + session);
            } catch (SQLException e) {
                if (!e.getMessage().contains("Unknown thread")) throw e;
            }
    }

    /** All but the newest file of its log go. */
    static void purge(Endpoint database) throws SQLException {
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
}
