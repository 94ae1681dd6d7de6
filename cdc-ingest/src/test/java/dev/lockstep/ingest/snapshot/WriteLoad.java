package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.migration.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** An application that writes everywhere in the tables, and lets them grow, until it is stopped. */
final class WriteLoad implements AutoCloseable {

    private final Endpoint database;
    private final int items;
    private final Thread thread = new Thread(this::run, "write-load");
    private final AtomicLong transactions = new AtomicLong();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private volatile boolean stopped;

    private WriteLoad(Endpoint database, int items) {
        this.database = database;
        this.items = items;
    }

    static WriteLoad start(Endpoint database, int items) {
        WriteLoad load = new WriteLoad(database, items);
        load.thread.start();
        return load;
    }

    private void run() {
        Random random = new Random(7);
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            for (int next = items + 1; !stopped; next++) {
                write(connection, random, next);
                connection.commit();
                transactions.incrementAndGet();
                LockSupport.parkNanos(
                        4_000_000); // an application, not a flood that the stream would be busy with for minutes
            }
        } catch (SQLException e) {
            failure.set(e);
        }
    }

    private void write(Connection connection, Random random, int next) throws SQLException {
        try (var statement = connection.createStatement()) {
            int one = 1 + random.nextInt(items);
            int other = 1 + random.nextInt(items);
            statement.execute("insert into shop.item values (" + next + ", 'new " + next + "', 1)");
            statement.execute("update shop.item set n = n + 1 where id = " + one);
            statement.execute("update shop.doc set v = 'changed " + next + "' where tenant = 't" + one % 7
                    + "' and code = " + code(one - one % 2));
            if (next % 3 == 0) statement.execute("delete from shop.item where id = " + other);
            if (next % 5 == 0)
                statement.execute("insert into shop.doc values ('T" + next % 3 + "', " + code(next) + ", 'new')");
        }
    }

    private String code(int number) {
        String hex = "%08x".formatted(number);
        return database.dialect().engine().equals("postgresql") ? "'\\x" + hex + "'" : "x'" + hex + "'";
    }

    long transactions() {
        return transactions.get();
    }

    void stop() throws Exception {
        stopped = true;
        thread.join(20_000);
        if (failure.get() != null) throw failure.get();
    }

    @Override
    public void close() throws Exception {
        stop();
    }
}
