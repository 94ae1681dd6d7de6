package dev.lockstep.ingest.snapshot;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections that belong together: all are closed, or none. */
final class Sessions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final CopyConfig config;
    private final List<Connection> open = new ArrayList<>();

    Sessions(CopyConfig config) {
        this.config = config;
    }

    Connection open(String... settings) throws SQLException {
        Connection connection = add(config.database().connect());
        execute(connection, settings);
        return connection;
    }

    Connection add(Connection connection) {
        open.add(connection);
        return connection;
    }

    static void execute(Connection connection, String... lines) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (String line : lines) statement.execute(line);
        }
    }

    void close(Connection connection) {
        open.remove(connection);
        try {
            connection.abort(
                    Runnable::run); // a result may still be streaming: reading it to its end would take its time
        } catch (SQLException e) {
            LOG.debug("closing a connection: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        List.copyOf(open).forEach(this::close);
    }
}
