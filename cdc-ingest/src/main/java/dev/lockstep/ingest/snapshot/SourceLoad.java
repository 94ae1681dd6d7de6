package dev.lockstep.ingest.snapshot;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every second how many sessions are at work in the database, and says when that is more than the copy may add to. */
final class SourceLoad implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SourceLoad.class);
    private static final long LOOK_MILLIS = 1000;

    private static final String POSTGRES = "select count(*) from pg_stat_activity where state = 'active'"
            + " and backend_type = 'client backend' and application_name <> 'lockstep'";
    private static final String MYSQL =
            "select count(*) from information_schema.processlist where command in ('Query', 'Execute')"
                    + " and user <> substring_index(current_user(), '@', 1)";

    private final CopyConfig config;
    private final Thread thread;
    private volatile int busy;

    SourceLoad(CopyConfig config) {
        this.config = config;
        thread = new Thread(this::watch, "copy-load-" + config.side().label());
        thread.setDaemon(true);
        if (config.rules().maxSourceSessions() > 0) thread.start();
    }

    /** How many sessions are at work, if that is too many; otherwise 0. */
    int tooMany() {
        int now = busy;
        return config.rules().maxSourceSessions() > 0 && now > config.rules().maxSourceSessions() ? now : 0;
    }

    private void watch() {
        Connection connection = null;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (connection == null) connection = config.database().connect();
                busy = count(connection);
                Thread.sleep(LOOK_MILLIS);
            } catch (SQLException e) {
                LOG.warn("cannot see how busy the database is: {} error={}", config.place(), e.getMessage());
                close(connection);
                connection = null;
                if (!rested()) break;
            } catch (InterruptedException e) {
                break;
            }
        }
        close(connection);
    }

    private static boolean rested() {
        try {
            Thread.sleep(LOOK_MILLIS);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private int count(Connection connection) throws SQLException {
        boolean postgres = config.database().dialect().engine().equals("postgresql");
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(postgres ? POSTGRES : MYSQL)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void close(@Nullable Connection connection) {
        try {
            if (connection != null) connection.close();
        } catch (SQLException e) {
            LOG.debug("closing a connection: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
