package dev.lockstep.cutover.demo;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Hands out moments at which transactions are due, at a fixed rate whatever the database does (open loop). What a stall held
 * back is caught up, up to a bound; what lies behind that was never asked for. Thread-safe.
 */
final class Pacer {

    private final long intervalNanos;
    private final long catchUpNanos;
    private final LongSupplier nanoTime;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private long next;

    /**
     * @param rate transactions a second
     */
    Pacer(double rate, Duration catchUp, LongSupplier nanoTime) {
        if (!(rate > 0)) throw new IllegalArgumentException("rate: more than 0 transactions a second, not " + rate);
        intervalNanos = (long) (1e9 / rate);
        catchUpNanos = catchUp.toNanos();
        this.nanoTime = nanoTime;
        next = nanoTime.getAsLong();
    }

    /** Waits for the next moment; false once stopped. */
    boolean take() throws InterruptedException {
        return pause(due() - nanoTime.getAsLong());
    }

    /** The next moment, by the clock that was given. */
    synchronized long due() {
        long oldest = nanoTime.getAsLong() - catchUpNanos;
        long due = next - oldest < 0 ? oldest : next;
        next = due + intervalNanos;
        return due;
    }

    /** Waits, but not past the stop; false once stopped. */
    boolean pause(long nanos) throws InterruptedException {
        return !stopped.await(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }

    void stop() {
        stopped.countDown();
    }
}
