package dev.lockstep.cutover.phase;

import java.util.EnumSet;
import java.util.Set;

/** The phases' names in their order, and which may follow which. */
public enum PhaseName {
    /** Checked and set up; nothing is copied yet. */
    PREPARED,
    /** The initial copy is under way. */
    COPYING,
    /** The copy is complete and follows the source. */
    FOLLOWING,
    /** All gates have been open for the whole hold time. */
    READY,
    /** The side that the traffic leaves is being fenced, or is. */
    FENCED,
    /** Both sides are proven equal at the last barrier; the flip may have been sent. */
    DRAINED,
    /** DNS names the side that the traffic goes to, which may have been opened. */
    FLIPPED,
    /** The application writes on the target. */
    OPEN,
    /** Watched after the cutover, with the way back open. */
    SOAKING,
    /** The traffic is back on the source. */
    ROLLED_BACK,
    /** Done; there is no way back any more. */
    FINISHED;

    /** Whether the traffic is about to move, one way or the other. */
    public boolean isMoving() {
        return this == READY || this == FENCED || this == DRAINED || this == FLIPPED;
    }

    /** Whether the application writes on the target, and the way back is open. */
    public boolean isOnTarget() {
        return this == OPEN || this == SOAKING;
    }

    /** The legal exits. The phase records' methods are the same, which a test holds. */
    public Set<PhaseName> exits() {
        return switch (this) {
            case PREPARED -> EnumSet.of(COPYING);
            case COPYING -> EnumSet.of(FOLLOWING);
            case FOLLOWING -> EnumSet.of(READY);
            case READY -> EnumSet.of(FENCED, FOLLOWING);
            case FENCED -> EnumSet.of(DRAINED, FOLLOWING, SOAKING);
            case DRAINED -> EnumSet.of(FLIPPED, FOLLOWING, SOAKING);
            case FLIPPED -> EnumSet.of(FLIPPED, OPEN, ROLLED_BACK);
            case OPEN -> EnumSet.of(SOAKING, FINISHED, FENCED);
            case SOAKING -> EnumSet.of(FINISHED, FENCED);
            case ROLLED_BACK -> EnumSet.of(FOLLOWING);
            case FINISHED -> EnumSet.noneOf(PhaseName.class);
        };
    }
}
