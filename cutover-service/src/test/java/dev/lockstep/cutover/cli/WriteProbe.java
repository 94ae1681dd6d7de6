package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.demo.Destination;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Tries all the time, as the application, to write on either side. */
final class WriteProbe implements AutoCloseable {

    private static final Duration EVERY = Duration.ofMillis(10);

    /** A new session is dear: more of them would leave the rest no processor time. */
    private static final Duration AFTER_REFUSAL = Duration.ofMillis(100);

    /** A write that committed, by the clock of this process. */
    record Write(String address, long begun, long done) {}

    private final Queue<Write> writes = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    WriteProbe(Map<String, Destination> sides) {
        sides.forEach((address, side) -> {
            Thread thread = new Thread(() -> run(address, side), "probe-" + address);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        });
    }

    private void run(String address, Destination side) {
        while (!stopped) {
            try (Connection connection = DriverManager.getConnection(side.url(), side.user(), side.password());
                    var insert = connection.prepareStatement("insert into lockstep.probe (id) values (default)")) {
                while (!stopped) {
                    long begun = System.nanoTime();
                    insert.executeUpdate();
                    writes.add(new Write(address, begun, System.nanoTime()));
                    pause(EVERY);
                }
            } catch (SQLException e) {
                pause(AFTER_REFUSAL); // refused or cut off: that is what is tried
            }
        }
    }

    private static void pause(Duration pause) {
        LockSupport.parkNanos(pause.toNanos());
    }

    /** How often a write on the one side was followed by one on the other. Two sides that are writable at once make many. */
    List<String> turns() {
        List<Write> ordered = new ArrayList<>(writes);
        ordered.sort(Comparator.comparingLong(Write::begun));
        List<String> turns = new ArrayList<>();
        String last = ordered.isEmpty() ? "" : ordered.get(0).address();
        for (Write write : ordered) {
            if (!write.address().equals(last)) turns.add(last + " to " + write.address() + " at " + write.begun());
            last = write.address();
        }
        return turns;
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) thread.join(5_000);
    }
}
