package dev.lockstep.cutover.fence;

import java.time.Duration;

/** A moment after which nobody waits any longer. Monotonic: no clock adjustment moves it. */
record Deadline(long endNanos) {

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    boolean hasPassed() {
        return System.nanoTime() - endNanos >= 0;
    }

    /** Waits a little; false if the deadline has passed or the thread was interrupted, and so there is no more use in waiting. */
    boolean pause(Duration time) {
        if (hasPassed()) return false;
        try {
            Thread.sleep(time.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
