package dev.lockstep.cutover.phase;

import java.time.Duration;

/** Is told of every act of the runbook on the world, and of every entry in the journal. Called by the thread that acts. */
public interface ActObserver {

    /** Nobody wants to know. */
    ActObserver NONE = new ActObserver() {};

    /**
     * @param act what is about to be done, as {@code source.stop} or {@code journal FENCED}
     */
    default void before(String act) {}

    /**
     * It has been done, or has failed.
     *
     * @param took how long that took
     */
    default void after(String act, Duration took) {}

    /** Both are told, this one first. */
    default ActObserver and(ActObserver other) {
        ActObserver one = this;
        return new ActObserver() {
            @Override
            public void before(String act) {
                one.before(act);
                other.before(act);
            }

            @Override
            public void after(String act, Duration took) {
                one.after(act, took);
                other.after(act, took);
            }
        };
    }
}
