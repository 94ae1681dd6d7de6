package dev.lockstep.stream.apply;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** When the next batch may be written: not while an operator holds it back, and no more rows a second than are allowed. */
final class Pace {

    private static final long STEP_NANOS = Duration.ofMillis(20).toNanos();
    private static final int STEPS_PER_SECOND = 10;

    private final double nanosPerRow;
    private final CountDownLatch stopped;
    private final LongSupplier nanoTime;
    private volatile boolean held;
    private long free;

    /**
     * @param maxRowsPerSecond 0: no bound
     * @param stopped open while waiting makes sense
     */
    Pace(long maxRowsPerSecond, boolean held, CountDownLatch stopped, LongSupplier nanoTime) {
        this.nanosPerRow = maxRowsPerSecond == 0 ? 0 : 1e9 / maxRowsPerSecond;
        this.held = held;
        this.stopped = stopped;
        this.nanoTime = nanoTime;
        this.free = nanoTime.getAsLong();
    }

    void hold(boolean on) {
        held = on;
    }

    boolean isHeld() {
        return held;
    }

    boolean isBounded() {
        return nanosPerRow > 0;
    }

    /** How many rows a batch may have: a tenth of a second's where there is a bound, so that the rate is even. */
    int step(int rows) {
        return isBounded() ? (int) Math.max(1, Math.min(rows, 1e9 / STEPS_PER_SECOND / nanosPerRow)) : rows;
    }

    /** Rows are about to be written. What earlier ones left unused is not saved up. */
    void take(long rows) {
        free = Math.max(nanoTime.getAsLong(), free) + (long) (rows * nanosPerRow);
    }

    boolean isFree() {
        return !held && (!isBounded() || nanoTime.getAsLong() - free >= 0);
    }

    /**
     * Waits until the last batch is written, or has failed, and the next one may be.
     *
     * @return false if that takes longer than the given time
     * @throws InterruptedException once it is stopped
     */
    boolean await(Future<?> last, Duration patience) throws InterruptedException {
        long end = nanoTime.getAsLong() + patience.toNanos();
        while (!last.isDone() || !isFree()) {
            long left = Math.min(end - nanoTime.getAsLong(), STEP_NANOS);
            if (left <= 0) return false;
            if (last.isDone()) {
                if (hasFailed(last)) return true;
                if (stopped.await(left, TimeUnit.NANOSECONDS)) throw new InterruptedException("stopped");
            } else awaitWritten(last, left);
            if (stopped.getCount() == 0) throw new InterruptedException("stopped");
        }
        return true;
    }

    /** Whoever asks for the outcome is told. */
    private static boolean hasFailed(Future<?> last) throws InterruptedException {
        try {
            last.get();
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    private static void awaitWritten(Future<?> last, long nanos) throws InterruptedException {
        try {
            last.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // it is looked at by the caller
        }
    }
}
