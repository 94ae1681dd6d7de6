package dev.lockstep.cutover.flip;

import java.time.Duration;

/**
 * A place where a zone's records can be changed. Every implementation guarantees:
 *
 * <ul>
 *   <li>{@link #observe} asks the authoritative servers themselves, never a cache, and changes nothing.
 *   <li>{@link #apply} is idempotent: a plan that has been applied is {@link Outcome.AlreadyDone}. It sends once, whatever happens to the
 *       answer, and believes only an answer whose origin is proven or what it reads at the primary itself.
 *   <li>{@link #readBack} waits for the servers, not for an answer to the update: it is the only proof of a flip.
 *   <li>All three end in bounded time; a server's silence or refusal is a value, not an exception.
 * </ul>
 */
public interface DnsProvider {

    /** What {@link #apply} does when the world is not as the plan saw it, or when it fails half-way. */
    enum Atomicity {
        /** Compare-and-swap of all record sets at once: all change, or none, and none if any differed. */
        ZONE_COMPARE_AND_SWAP,
        /** All record sets change at once, or none; a writer in between is overwritten. */
        ZONE_BATCH,
        /** Each record set by itself: readers may see a mixture, and a failure may leave one. */
        RECORD_SET
    }

    Atomicity atomicity();

    Observed observe();

    Outcome apply(DnsPlan plan);

    /** Reads all servers until each has shown what the plan wants, or the deadline has passed. */
    ReadBack readBack(DnsPlan plan, Duration deadline);
}
