package dev.lockstep.cutover.demo;

import dev.lockstep.schemas.table.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the databases promised the application. Of every row it keeps the newest acknowledged state (a version, or that it was
 * deleted), and of transactions whose commit broke, and that may or may not be there, the states that may follow it.
 * The newest is the one with the greatest token; see {@link Writes} for why that is the order of the commits, and why it does
 * not matter in which order outcomes are noted here. Thread-safe. Some 30 bytes a row written.
 */
public final class Ledger {

    /** One error, without the data that it was about. */
    public record Failure(Instant at, String address, String code, String message) {}

    private record Row(ShopTable table, long key) {}

    private static final int FAILURES_KEPT = 10_000;

    private final Clock clock;
    private final CountDownLatch firstCommit = new CountDownLatch(1);

    /** The newest acknowledged token of a row; negative where it deleted the row. */
    private final Map<ShopTable, VersionMap> acknowledgedRows = new EnumMap<>(ShopTable.class);
    /** Tokens signed likewise of transactions with unknown outcome. */
    private final Map<Row, List<Long>> unknownRows = new HashMap<>();

    private final Map<Row, String> contradicted = new HashMap<>();
    private final Map<String, Long> byAddress = new TreeMap<>();
    private final ArrayDeque<Failure> failures = new ArrayDeque<>();
    private final Pauses pauses = new Pauses();
    private long acknowledged;
    private long errors;
    private long unknown;

    Ledger(Clock clock) {
        this.clock = clock;
        for (ShopTable table : ShopTable.values()) acknowledgedRows.put(table, new VersionMap());
    }

    /** The commit was acknowledged just now by the database at the address. */
    synchronized void acknowledged(String address, Writes writes) {
        for (Writes.Write write : writes.rows()) {
            VersionMap rows = rowsOf(write.table());
            if (Math.abs(rows.get(write.key())) < writes.token()) rows.put(write.key(), state(write, writes));
        }
        acknowledged++;
        byAddress.merge(address, 1L, Long::sum);
        pauses.commit(address, clock.instant());
        firstCommit.countDown();
    }

    /** The commit broke: it may have happened or not. */
    synchronized void unknown(Writes writes) {
        for (Writes.Write write : writes.rows())
            unknownRows
                    .computeIfAbsent(new Row(write.table(), write.key()), row -> new ArrayList<>())
                    .add(state(write, writes));
        unknown++;
    }

    /** An error of any kind; what came of the transaction is noted apart. */
    synchronized void failed(String address, String code, String message) {
        errors++;
        failures.add(new Failure(clock.instant(), address, code, message));
        if (failures.size() > FAILURES_KEPT) failures.remove();
    }

    /** The application found a row of its own not as the last acknowledged commit had left it. */
    synchronized void contradicted(ShopTable table, long key, long promised) {
        contradicted.putIfAbsent(
                new Row(table, key),
                table.id() + " " + table.display(key) + ": version " + promised
                        + " was acknowledged, and the next update" + " did not find it");
    }

    /** The version that a row must have now, or none where the ledger does not know exactly one. */
    synchronized OptionalLong expected(ShopTable table, long key) {
        long state = rowsOf(table).get(key);
        Row row = new Row(table, key);
        boolean sure = state > 0 && laterUnknown(row, state).isEmpty() && !contradicted.containsKey(row);
        return sure ? OptionalLong.of(state) : OptionalLong.empty();
    }

    boolean awaitFirstCommit(Duration timeout) throws InterruptedException {
        return firstCommit.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Transactions whose commit was acknowledged. */
    public synchronized long acknowledged() {
        return acknowledged;
    }

    /** The same by the address of the database that acknowledged. */
    public synchronized Map<String, Long> acknowledgedByAddress() {
        return Map.copyOf(byAddress);
    }

    /** Refused or broken connections, statements and commits, those with unknown outcome included. */
    public synchronized long errors() {
        return errors;
    }

    /** Transactions whose commit broke, so that they may or may not be there. */
    public synchronized long unknown() {
        return unknown;
    }

    /** The newest errors, up to ten thousand, oldest first. */
    public synchronized List<Failure> failures() {
        return List.copyOf(failures);
    }

    /**
     * The pause that clients saw when the traffic moved: the longest time between two acknowledged commits that follow each other
     * and came from different addresses; zero if all came from one.
     */
    public synchronized Duration pause() {
        return pauses.longestSwitch();
    }

    /** The times between the last acknowledged commit at one address and the first at the next, in order. */
    public synchronized List<Duration> switches() {
        return pauses.switches();
    }

    /** The longest time between any two acknowledged commits that follow each other. */
    public synchronized Duration longestGap() {
        return pauses.longest();
    }

    /** Rows that the ledger answers for. */
    synchronized long rows() {
        return acknowledgedRows.values().stream().mapToLong(VersionMap::size).sum();
    }

    /**
     * Reads the database's versions and compares. The load must have stopped, and all that it wrote must have arrived.
     *
     * @param connection to the database that the traffic goes to now
     */
    public Audit audit(Connection connection, Dialect dialect) throws SQLException {
        return audit(table -> Versions.read(connection, dialect, table));
    }

    interface Content {
        /** The versions of the rows that are there. */
        VersionMap of(ShopTable table) throws SQLException;
    }

    synchronized Audit audit(Content content) throws SQLException {
        Map<Row, String> lost = new HashMap<>(contradicted);
        for (ShopTable table : ShopTable.values()) {
            VersionMap there = content.of(table);
            rowsOf(table).forEach((key, state) -> {
                String difference = difference(new Row(table, key), state, there.get(key));
                if (difference != null) lost.putIfAbsent(new Row(table, key), difference);
            });
        }
        List<String> first = lost.values().stream().sorted().limit(100).toList();
        return new Audit(acknowledged, errors, lost.size(), first);
    }

    /** Null where what is there is the newest acknowledged state or one that a later broken commit may have made. */
    private @Nullable String difference(Row row, long state, long version) {
        long there = Math.max(0, version);
        if (there == Math.max(0, state)) return null;
        for (long later : laterUnknown(row, state)) if (there == Math.max(0, later)) return null;
        return row.table().id() + " " + row.table().display(row.key()) + ": "
                + (state < 0 ? "was deleted" : "version " + state + " was acknowledged") + ", "
                + (there == 0 ? "the row is not there" : "version " + there + " is there");
    }

    private List<Long> laterUnknown(Row row, long state) {
        return unknownRows.getOrDefault(row, List.of()).stream()
                .filter(token -> Math.abs(token) > Math.abs(state))
                .toList();
    }

    private static long state(Writes.Write write, Writes writes) {
        return write.deleted() ? -writes.token() : writes.token();
    }

    private VersionMap rowsOf(ShopTable table) {
        VersionMap rows = acknowledgedRows.get(table);
        if (rows == null) throw new IllegalStateException("every table has its rows");
        return rows;
    }
}
