package dev.lockstep.cutover.phase;

import java.time.Duration;

/** The time between two looks; a seam so that a test can have a clock of its own. */
@FunctionalInterface
public interface Rest {

    /**
     * @throws IllegalStateException if interrupted; the thread's flag stays set
     */
    void rest(Duration duration);

    /** Rests indeed. */
    static Rest sleeping() {
        return duration -> {
            try {
                Thread.sleep(duration.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        };
    }
}
