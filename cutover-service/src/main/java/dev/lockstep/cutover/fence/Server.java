package dev.lockstep.cutover.fence;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.table.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A database server's door, which never keeps anybody waiting: connecting, and every answer, has a bound. */
final class Server {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int ANSWER_MILLIS = 10_000;

    private final Endpoint endpoint;
    private final Duration patience;

    /**
     * @param patience how long raising or lowering may take
     */
    Server(Endpoint endpoint, Duration patience) {
        this.endpoint = endpoint;
        this.patience = patience;
    }

    Deadline deadline() {
        return Deadline.in(patience);
    }

    Dialect dialect() {
        return endpoint.dialect();
    }

    String database() {
        return endpoint.database();
    }

    String user() {
        return endpoint.user();
    }

    /** Lockstep's own session, which writes on behind the fence. */
    Connection connect() throws SQLException {
        Connection connection = bounded(endpoint::connect);
        try {
            Sql.run(connection, endpoint.dialect().writerSession(true).toArray(String[]::new));
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** For messages: where it is, without user and password. */
    String where() {
        return endpoint.dialect().engine() + " " + endpoint.host() + ":" + endpoint.port() + "/" + endpoint.database();
    }

    interface Opening {
        Connection open() throws SQLException;
    }

    /** The drivers' own bounds differ and are partly endless. A connection that comes too late is closed unseen. */
    static Connection bounded(Opening opening) throws SQLException {
        CompletableFuture<Connection> future = new CompletableFuture<>();
        Thread thread = new Thread(() -> open(opening, future), "fence-connect");
        thread.setDaemon(true);
        thread.start();
        try {
            Connection connection = future.get(CONNECT.toMillis(), TimeUnit.MILLISECONDS);
            connection.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
            return connection;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException sql) throw sql;
            throw new SQLException(e.getCause());
        } catch (TimeoutException e) {
            future.cancel(false);
            throw new SQLTimeoutException("no connection within " + CONNECT.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while connecting", e);
        }
    }

    private static void open(Opening opening, CompletableFuture<Connection> future) {
        try {
            Connection connection = opening.open();
            if (!future.complete(connection)) connection.close();
        } catch (SQLException | RuntimeException e) {
            future.completeExceptionally(e);
        }
    }
}
