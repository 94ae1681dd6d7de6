package dev.lockstep.cutover.demo;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of the application: a transaction whenever one is due, a new connection whenever the old one is of no use. */
final class Worker implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration SHORTEST_BACKOFF = Duration.ofMillis(20);
    private static final Duration LONGEST_BACKOFF = Duration.ofMillis(250);

    private static final String NOWHERE = "";

    private record Line(String address, Connection connection, Sql sql) {}

    private final int index;
    private final Load load;
    private final Ledger ledger;
    private Duration backoff = SHORTEST_BACKOFF;
    private @Nullable Shopping shopping;
    private volatile @Nullable Line line;

    Worker(int index, Load load) {
        this.index = index;
        this.load = load;
        ledger = load.ledger();
    }

    @Override
    public void run() {
        try {
            while (load.pacer().take()) work();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).addKeyValue("worker", index).log("the load lost a worker");
            ledger.failed(NOWHERE, "worker", e.toString());
        } finally {
            hangUp();
        }
    }

    /** Cuts the connection under a transaction that does not end. */
    void abort() {
        Line now = line;
        if (now == null) return;
        try {
            now.connection().abort(Runnable::run);
        } catch (SQLException e) {
            LOG.atDebug().setCause(e).addKeyValue("worker", index).log("the connection was gone already");
        }
    }

    private void work() throws InterruptedException {
        String address = NOWHERE;
        try {
            address = load.address().get();
            transact(connected(address));
        } catch (IOException e) {
            ledger.failed(address, "address", String.valueOf(e.getMessage()));
            backOff();
        } catch (SQLException e) {
            ledger.failed(address, Outcomes.code(e), firstLine(e));
            backOff();
        }
    }

    /** A connection to where the name points now: between transactions, an address that has run out is followed. */
    private Line connected(String address) throws IOException, SQLException {
        Line current = line;
        if (current != null && current.address().equals(address)) return current;
        hangUp();
        Destination destination = load.config().destinations().get(address);
        if (destination == null) throw new IOException("no database is known at " + address);
        Connection connection = destination.connect();
        Line opened = new Line(address, connection, new Sql(connection, destination.dialect()));
        line = opened;
        return opened;
    }

    private void transact(Line line) throws InterruptedException {
        Writes writes = load.nextTransaction();
        boolean committing = false;
        try {
            shopping(line).next(new RowWriter(line.sql(), writes, ledger));
            committing = true;
            line.connection().commit();
            ledger.acknowledged(line.address(), writes);
            writes.acknowledge();
            backoff = SHORTEST_BACKOFF;
        } catch (LostUpdateException e) {
            ledger.contradicted(e.table(), e.key(), e.promised());
            rollBack(line);
        } catch (SQLException e) {
            ledger.failed(line.address(), Outcomes.code(e), firstLine(e));
            if (committing && !Outcomes.surelyNotCommitted(e)) ledger.unknown(writes);
            recover(line, e);
        }
    }

    /**
     * After a conflict the same connection goes on. After anything else it is given up, though it might still work: a server that
     * has become read-only answers readily, and whoever keeps the connection never learns that the name points elsewhere by now.
     */
    private void recover(Line line, SQLException e) throws InterruptedException {
        if (Outcomes.isConflict(e)) {
            rollBack(line);
            return;
        }
        hangUp();
        backOff();
    }

    private void rollBack(Line line) {
        try {
            line.connection().rollback();
        } catch (SQLException e) {
            LOG.atDebug().setCause(e).addKeyValue("worker", index).log("no connection left to roll back on");
            hangUp();
        }
    }

    private void hangUp() {
        Line current = line;
        line = null;
        if (current == null) return;
        try {
            current.connection().close();
        } catch (SQLException e) {
            LOG.atDebug().setCause(e).addKeyValue("worker", index).log("the connection was gone already");
        }
    }

    private void backOff() throws InterruptedException {
        load.pacer().pause(backoff.toNanos());
        Duration doubled = backoff.multipliedBy(2);
        backoff = doubled.compareTo(LONGEST_BACKOFF) < 0 ? doubled : LONGEST_BACKOFF;
    }

    private Shopping shopping(Line line) throws SQLException {
        Shopping current = shopping;
        if (current == null) shopping = current = load.shopping(index, line.sql());
        return current;
    }

    /** What the server said, without the detail that quotes rows. */
    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
