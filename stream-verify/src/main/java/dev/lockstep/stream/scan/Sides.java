package dev.lockstep.stream.scan;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.KeyCondition;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection to each database, read only, asked one question at a time, both at once. For one thread. */
final class Sides implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sides.class);

    private final Migration migration;
    private final Map<Side, Connection> connections = new EnumMap<>(Side.class);
    private final ExecutorService second = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "scan-source");
        thread.setDaemon(true);
        return thread;
    });

    Sides(Migration migration) {
        this.migration = migration;
    }

    interface Question<A> {
        A ask(Connection connection) throws SQLException, InterruptedException;
    }

    /** What both sides said. */
    record Answers<A>(A source, A target) {}

    /**
     * Asks both at once.
     *
     * @throws SQLException if one of them could not answer; both are connected anew for the next question
     */
    <A> Answers<A> both(Question<A> source, Question<A> target) throws SQLException, InterruptedException {
        Connection there = connection(Side.SOURCE);
        Connection here = connection(Side.TARGET);
        Future<A> first = second.submit(() -> source.ask(there));
        try {
            A answer = target.ask(here);
            return new Answers<>(first.get(), answer);
        } catch (SQLException | InterruptedException | RuntimeException e) {
            disconnect(); // ends the other's question too
            throw e;
        } catch (ExecutionException e) {
            disconnect();
            if (e.getCause() instanceof SQLException lost) throw lost;
            if (e.getCause() instanceof InterruptedException) throw new InterruptedException();
            if (e.getCause() instanceof RuntimeException broken) throw broken;
            throw new IllegalStateException(e.getCause());
        }
    }

    <A> A one(Side side, Question<A> question) throws SQLException, InterruptedException {
        try {
            return question.ask(connection(side));
        } catch (SQLException | InterruptedException | RuntimeException e) {
            disconnect();
            throw e;
        }
    }

    private Connection connection(Side side) throws SQLException {
        Connection known = connections.get(side);
        if (known != null) return known;
        Connection connection = migration.on(side).connect();
        connections.put(side, connection);
        Dialect dialect = migration.on(side).dialect();
        try (var statement = connection.createStatement()) {
            for (String setting : KeyCondition.session(dialect)) statement.execute(setting);
            if (!dialect.engine().equals("postgresql")) // a slow reader is waited for
            statement.execute("set session net_write_timeout = 86400");
        }
        connection.setReadOnly(true);
        connection.setAutoCommit(false);
        return connection;
    }

    private void disconnect() {
        for (Connection connection : connections.values())
            try {
                connection.abort(Runnable::run); // a result may still be streaming
            } catch (SQLException e) {
                LOG.debug("closing a connection: {}", e.getMessage());
            }
        connections.clear();
    }

    @Override
    public void close() {
        disconnect();
        second.shutdownNow();
    }
}
