package dev.lockstep.cutover.fence;

import java.util.Set;

/**
 * Keeps everybody but Lockstep from writing to one database. Every implementation guarantees:
 *
 * <ul>
 *   <li>Idempotent: raising what is raised and lowering what is lowered changes nothing and disturbs nobody.
 *   <li>Verified: what {@link #raise} and {@link #lower} return is what {@link #observe} found afterwards, never what was hoped for. Once
 *       {@link FenceState.Raised} has been returned, every transaction of others has ended, so a barrier written then comes after all of
 *       their writes.
 *   <li>Kept by the database: a new process observes the same, and can lower what another one raised. After a failure half-way
 *       {@link #observe} says {@link FenceState.Partial}, and raising or lowering again completes it.
 *   <li>Lockstep's own sessions write on ({@link dev.lockstep.schemas.migration.Endpoint#connectWriter}); reads go on for all.
 *   <li>Bounded: every call ends within its deadline and a few seconds, and says what stood in its way.
 * </ul>
 */
public interface Fence {

    /**
     * Makes what the fence and its probe need in the database, in the schema {@code lockstep}. Changes nothing for others; to be called
     * long before the cutover, as {@link #raise} should have nothing left to create.
     *
     * @throws FenceException if that is not possible; the message says what to grant
     */
    void prepare();

    /** Stops writes: no new transaction of others can write, and those that could are ended. */
    FenceState raise();

    /** Gives writes back, to sessions that came while it was raised too: those are ended, so that they come back able to write. */
    FenceState lower();

    /** Looks, and changes nothing. */
    FenceState observe();

    /**
     * Transactions of others that have written and are open now, each spelled the same as long as it is: what raising would cut off.
     *
     * @throws FenceException if they cannot be seen
     */
    Set<String> openTransactions();

    /**
     * Sessions of others that could write on behind the fence, as Lockstep's user may not end them: it could not be raised beside them.
     *
     * @throws FenceException if they cannot be seen
     */
    default Set<String> outOfReach() {
        return Set.of();
    }

    /** Tries to write as the application would, in a transaction that is rolled back. */
    Probe probe();
}
