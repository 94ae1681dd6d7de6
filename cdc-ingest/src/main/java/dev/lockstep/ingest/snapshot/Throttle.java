package dev.lockstep.ingest.snapshot;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Holds all readers together to a number of rows per second. */
final class Throttle {

    /** Waits so long. */
    interface Pause {
        void pause(Duration duration) throws InterruptedException;
    }

    private final double nanosPerRow;
    private final LongSupplier nanoTime;
    private final Pause pause;
    private long free;

    /**
     * @param maxRowsPerSecond 0: no bound
     */
    Throttle(long maxRowsPerSecond, LongSupplier nanoTime, Pause pause) {
        this.nanosPerRow = maxRowsPerSecond == 0 ? 0 : 1e9 / maxRowsPerSecond;
        this.nanoTime = nanoTime;
        this.pause = pause;
        this.free = nanoTime.getAsLong();
    }

    /** How many rows to ask for at once: a tenth of a second's, so that the rate is even. */
    int step() {
        return nanosPerRow == 0 ? 1000 : (int) Math.max(1, Math.min(1000, 1e8 / nanosPerRow));
    }

    /** Returns when these rows are due. */
    void await(int rows) throws InterruptedException {
        if (nanosPerRow == 0) return;
        long wait = reserve(rows);
        if (wait > 0) pause.pause(Duration.ofNanos(wait));
    }

    private synchronized long reserve(int rows) {
        long now = nanoTime.getAsLong();
        long due = Math.max(now, free); // what was not used is not saved up
        free = due + (long) (rows * nanosPerRow);
        return due - now;
    }
}
