package dev.lockstep.cutover.phase;

/** What a step that must not be left undone is given while it fails. */
@FunctionalInterface
public interface Patience {

    /**
     * Rests a moment.
     *
     * @param trouble what fails, and why, for people
     * @return whether to try once more
     * @throws IllegalStateException if interrupted; the thread's flag stays set
     */
    boolean lasts(String trouble);
}
