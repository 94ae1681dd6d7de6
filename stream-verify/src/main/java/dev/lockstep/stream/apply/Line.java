package dev.lockstep.stream.apply;

import dev.lockstep.schemas.migration.Endpoint;
import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to a server that may vanish without a word: opening it takes no longer than a bound, and whoever waits for an answer on it can be
 * freed at any time. Its statements may take as long as they like.
 */
final class Line {

    private static final Logger LOG = LoggerFactory.getLogger(Line.class);
    private static final Duration WORD = Duration.ofSeconds(1);

    private final Connection connection;
    private final String session;
    private final @Nullable Socket socket;

    /**
     * @param session as {@link Sessions} names it
     * @param socket where the driver cannot free who waits for an answer
     */
    Line(Connection connection, String session, @Nullable Socket socket) {
        this.connection = connection;
        this.session = session;
        this.socket = socket;
    }

    /** Connects as {@link Endpoint#connectWriter} does. */
    static Line open(Endpoint endpoint, Duration answer) throws SQLException {
        MariaDbSockets.take();
        Connection connection = endpoint.connectWriter(answer, MariaDbSockets.class.getName());
        try {
            Line line = new Line(connection, Sessions.own(connection, endpoint.dialect()), MariaDbSockets.take());
            endpoint.unbind(connection);
            return line;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    Connection connection() {
        return connection;
    }

    String session() {
        return session;
    }

    /** Ends the session, whatever it is doing: the database rolls back what it has not committed, and learns of it at once if its driver can say so. */
    void abort() {
        if (socket != null) sayGoodbye();
        cut();
    }

    private void sayGoodbye() {
        Thread abort = new Thread(this::abortByDriver, "abort");
        abort.setDaemon(true);
        abort.start();
        try {
            abort.join(WORD.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Frees whoever waits here and says nothing to the server: a session of that number may be another's there by now. */
    void cut() {
        if (socket == null) {
            abortByDriver();
            return;
        }
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("cannot close the line", e);
        }
    }

    private void abortByDriver() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("cannot abort the session: {}", e.getMessage());
        }
    }
}
