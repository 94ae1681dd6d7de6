package dev.lockstep.cutover.phase;

import java.time.Instant;

/** Whether a move under way is still wanted. For several threads: one moves, others may give it up, until one moment. */
final class Recall {

    private String by = "";
    private Instant at = Instant.MIN;
    private boolean tooLate;

    /**
     * @return whether it is in time
     */
    synchronized boolean giveUp(String who, Instant when) {
        if (tooLate) return false;
        by = who;
        at = when;
        return true;
    }

    /**
     * @param since when the move began; what was given up before is not meant
     * @throws StepFailedException if it is given up
     */
    synchronized void check(Instant since) {
        if (!at.isBefore(since)) throw new StepFailedException("given up by " + by);
    }

    /** The same for the last time: from now on it is too late, until the move is {@link #over}. */
    synchronized void checkAtLast(Instant since) {
        check(since);
        tooLate = true;
    }

    synchronized void over() {
        tooLate = false;
    }
}
