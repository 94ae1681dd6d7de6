package dev.lockstep.cutover.phase;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether a cutover under way is still wanted. For several threads: one moves, others may give it up, until one moment. */
final class Recall {

    private String by = "";
    private @Nullable Instant givenUp;
    private boolean tooLate;

    /**
     * @param begun when the cutover that is meant became {@link Ready}, which tells it from others
     * @return whether it is in time
     */
    synchronized boolean giveUp(String who, Instant begun) {
        if (tooLate) return false;
        by = who;
        givenUp = begun;
        return true;
    }

    /**
     * @throws StepFailedException if the one that became ready then is given up
     */
    synchronized void check(Instant begun) {
        if (begun.equals(givenUp)) throw new StepFailedException("given up by " + by);
    }

    /** The same for the last time: from now on it is too late, until the move is {@link #over}. */
    synchronized void checkAtLast(Instant begun) {
        check(begun);
        tooLate = true;
    }

    synchronized void over() {
        tooLate = false;
    }
}
