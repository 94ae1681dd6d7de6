package dev.lockstep.stream.apply;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits longer and longer between attempts, and no longer than until it is stopped. */
final class Backoff {

    private static final Duration FIRST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final CountDownLatch stopped;
    private Duration next = FIRST;

    Backoff(CountDownLatch stopped) {
        this.stopped = stopped;
    }

    Duration next() {
        return next;
    }

    /**
     * @throws InterruptedException if it was stopped meanwhile
     */
    void await() throws InterruptedException {
        if (stopped.await(next.toMillis(), TimeUnit.MILLISECONDS)) throw new InterruptedException("stopped");
        next = next.multipliedBy(2);
        if (next.compareTo(LONGEST) > 0) next = LONGEST;
    }
}
