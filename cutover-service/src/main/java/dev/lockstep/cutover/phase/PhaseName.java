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
    /** The source is being fenced, or is. */
    FENCED,
    /** Both sides are proven equal at the last barrier; the flip may have been sent. */
    DRAINED,
    /** DNS names the target; the target may have been opened. */
    FLIPPED,
    /** The application writes on the target. */
    OPEN,
    /** Watched after the cutover, with the way back open. */
    SOAKING,
    /** The traffic is back on the source. */
    ROLLED_BACK,
    /** Done; there is no way back any more. */
    FINISHED;

    /** The legal exits. The phase records' methods are the same, which a test holds. */
    public Set<PhaseName> exits() {
        return switch (this) {
            case PREPARED -> EnumSet.of(COPYING);
            case COPYING -> EnumSet.of(FOLLOWING);
            case FOLLOWING -> EnumSet.of(READY);
            case READY -> EnumSet.of(FENCED, FOLLOWING);
            case FENCED -> EnumSet.of(DRAINED, FOLLOWING);
            case DRAINED -> EnumSet.of(FLIPPED, FOLLOWING);
            case FLIPPED -> EnumSet.of(FLIPPED, OPEN);
            case OPEN -> EnumSet.of(SOAKING, ROLLED_BACK);
            case SOAKING -> EnumSet.of(FINISHED, ROLLED_BACK);
            case ROLLED_BACK, FINISHED -> EnumSet.noneOf(PhaseName.class);
        };
    }
}
