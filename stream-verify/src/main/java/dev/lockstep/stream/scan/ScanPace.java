package dev.lockstep.stream.scan;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Keeps a scan to a number of rows per second on each side, and ends its waiting once it is stopped. */
final class ScanPace {

    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SMALLEST_RANGE = 1_000;

    private final long maxRowsPerSecond;
    private final BooleanSupplier stopped;
    private long free = System.nanoTime();

    /**
     * @param maxRowsPerSecond 0: no bound
     */
    ScanPace(long maxRowsPerSecond, BooleanSupplier stopped) {
        this.maxRowsPerSecond = maxRowsPerSecond;
        this.stopped = stopped;
    }

    /** How many rows to ask for at once. */
    long step(long rows) {
        return maxRowsPerSecond == 0 ? rows : Math.min(rows, Math.max(SMALLEST_RANGE, maxRowsPerSecond));
    }

    /**
     * One side has read so many rows of a range; every so often it waits for its turn. The other side, which reads the same range, is
     * not counted again.
     */
    void await(boolean counts, long row) throws InterruptedException {
        if (row % 1000 != 0) return;
        if (counts) await(1000);
        else if (stopped.getAsBoolean()) throw new InterruptedException("stopped");
    }

    /** Returns when the next rows may be read, after so many. */
    void await(long rows) throws InterruptedException {
        if (stopped.getAsBoolean()) throw new InterruptedException("stopped");
        if (maxRowsPerSecond == 0) return;
        long now = System.nanoTime();
        free = Math.max(now, free) + (long) (rows * 1e9 / maxRowsPerSecond);
        for (long left = free - now; left > 0; left = free - System.nanoTime()) {
            TimeUnit.NANOSECONDS.sleep(Math.min(left, STEP_NANOS));
            if (stopped.getAsBoolean()) throw new InterruptedException("stopped");
        }
    }
}
