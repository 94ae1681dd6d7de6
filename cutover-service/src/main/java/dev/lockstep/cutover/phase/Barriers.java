package dev.lockstep.cutover.phase;

/** Writes barriers on the source, fenced or not. */
public interface Barriers {

    /**
     * Writes one now. Every change that has committed on the source lies before it.
     *
     * @return its timestamp, microseconds since the epoch
     */
    long writeLast();
}
