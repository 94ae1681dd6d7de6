package dev.lockstep.cutover.fence;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** An application that writes as fast as it can, and comes again at once whenever its connection is gone. */
final class Client implements AutoCloseable {

    interface Door {
        Connection connect() throws SQLException;
    }

    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final Thread thread;
    private volatile boolean stopped;

    Client(Door door) {
        thread = new Thread(() -> run(door), "client");
        thread.start();
    }

    int acknowledged() {
        return acknowledged.get();
    }

    int failed() {
        return failed.get();
    }

    private void run(Door door) {
        while (!stopped) {
            try (Connection connection = door.connect()) {
                write(connection);
            } catch (SQLException e) {
                failed.incrementAndGet();
            }
        }
    }

    /** Goes on with the same connection for as long as it lasts, as a pool does. */
    private void write(Connection connection) throws SQLException {
        while (!stopped && connection.isValid(2)) {
            try {
                Sql.update(connection, "insert into orders (n) values (1)");
                acknowledged.incrementAndGet();
            } catch (SQLException e) {
                failed.incrementAndGet();
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.join(10_000);
    }
}
