package dev.lockstep.cutover.bench;

import dev.lockstep.schemas.migration.Endpoint;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Changes of the table {@code item} on the source at fixed moments, whatever became of those before (an open loop), one to a transaction, by
 * several sessions in turn, and a reader on the target that asks every millisecond which have come. Of ten changes six update, three insert
 * and one deletes; the inserted rows are the ones that are looked for. Their latency begins at the moment at which they were due.
 */
public final class SteadyLoad {

    private static final long READER_NANOS = 1_000_000;

    /** One alone waits longer for its commits than the rate lets it, on slow machines. */
    private static final int SESSIONS = 4;

    /** So far are the ids of the rows that one session inserts from those of the next: each session's come in order. */
    private static final long APART = 1_000_000_000;

    private final Endpoint source;
    private final Endpoint target;
    private final int rows;
    private final long gapNanos;
    private final int warmUp;
    private final int changes;
    private long startNanos;
    private final LongAccumulator lateNanos = new LongAccumulator(Math::max, 0);

    /**
     * @param rows that are there already, with the ids from 1 on
     * @param rate changes a second
     * @param warmUp changes before those that count
     * @param changes those that count
     */
    public SteadyLoad(Endpoint source, Endpoint target, int rows, int rate, int warmUp, int changes) {
        this.source = source;
        this.target = target;
        this.rows = rows;
        this.gapNanos = 1_000_000_000L / rate;
        this.warmUp = warmUp;
        this.changes = changes;
    }

    /** Latencies in milliseconds, sorted. */
    public double[] run() throws Exception {
        startNanos = System.nanoTime() + 100_000_000;
        ExecutorService writing = Executors.newFixedThreadPool(SESSIONS);
        try {
            List<Future<?>> written = new ArrayList<>();
            for (int session = 0; session < SESSIONS; session++) written.add(writing.submit(callable(session)));
            double[] latencies = watch(written);
            for (Future<?> each : written) each.get();
            return latencies;
        } finally {
            writing.shutdownNow();
        }
    }

    /** How late the source has begun with one of those that count, at the most: so much of a latency is not the follower's. */
    public double lateMillis() {
        return lateNanos.get() / 1e6;
    }

    private Callable<Void> callable(int session) {
        return () -> {
            write(session);
            return null;
        };
    }

    private long due(int change) {
        return startNanos + change * gapNanos;
    }

    private static boolean isInsert(int change) {
        return change % 10 == 2 || change % 10 == 4 || change % 10 == 7;
    }

    private long insertedId(int change) {
        return rows + change % SESSIONS * APART + change;
    }

    private void write(int session) throws SQLException {
        try (Connection connection = source.connectWriter();
                PreparedStatement insert = connection.prepareStatement(
                        "insert into item values (?, 1, 1.25, 'state', 'new@example.com', 'a note', '2026-01-01 00:00:00')");
                PreparedStatement update = connection.prepareStatement(
                        "update item set customer = customer + 1, amount = amount + 0.25 where id = ?");
                PreparedStatement delete = connection.prepareStatement("delete from item where id = ?")) {
            for (int i = 1; i <= warmUp + changes; i++) {
                if (i % SESSIONS != session) continue;
                PreparedStatement statement = isInsert(i) ? insert : i % 10 == 9 ? delete : update;
                long id = isInsert(i) ? insertedId(i) : i % 10 == 9 ? rows - i / 10 : i * 7919L % (rows / 2) + 1;
                for (long wait = due(i) - System.nanoTime(); wait > 0; wait = due(i) - System.nanoTime())
                    LockSupport.parkNanos(wait);
                if (i > warmUp) lateNanos.accumulate(System.nanoTime() - due(i));
                statement.setLong(1, id);
                statement.executeUpdate();
            }
        }
    }

    private double[] watch(List<Future<?>> written) throws Exception {
        double[] latencies = new double[changes];
        int counted = 0;
        int[] seen = new int[SESSIONS];
        long deadline = due(warmUp + changes) + 120_000_000_000L;
        try (Connection connection = target.connect();
                PreparedStatement newest = connection.prepareStatement(newestOfEach())) {
            while (!isComplete(seen) && System.nanoTime() < deadline) {
                for (Future<?> each : written) if (each.isDone()) each.get();
                try (var row = newest.executeQuery()) {
                    row.next();
                    long at = System.nanoTime();
                    for (int session = 0; session < SESSIONS; session++) {
                        int now = (int) (row.getLong(1 + session) - rows - session * APART);
                        for (int i = seen[session] + 1; i <= now; i++)
                            if (i % SESSIONS == session && isInsert(i) && i > warmUp)
                                latencies[counted++] = (at - due(i)) / 1e6;
                        seen[session] = Math.max(seen[session], now);
                    }
                }
                LockSupport.parkNanos(READER_NANOS);
            }
        }
        if (!isComplete(seen)) throw new IllegalStateException("the last change did not come");
        double[] sorted = Arrays.copyOf(latencies, counted);
        Arrays.sort(sorted);
        return sorted;
    }

    /** The newest id of each session's rows; of one that has none, the one before its first. */
    private String newestOfEach() {
        return IntStream.range(0, SESSIONS)
                .mapToLong(session -> rows + session * APART)
                .mapToObj(first -> "coalesce((select max(id) from item where id > " + first + " and id < "
                        + (first + APART) + "), " + first + ")")
                .collect(Collectors.joining(", ", "select ", ""));
    }

    private boolean isComplete(int[] seen) {
        for (int session = 0; session < SESSIONS; session++) {
            int last = warmUp + changes;
            while (!isInsert(last) || last % SESSIONS != session) last--;
            if (seen[session] < last) return false;
        }
        return true;
    }
}
