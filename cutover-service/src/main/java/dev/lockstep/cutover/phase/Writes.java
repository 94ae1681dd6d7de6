package dev.lockstep.cutover.phase;

/**
 * The application's writes on one side. Every method may be repeated, and throws if it cannot be sure of its result, within a time that
 * suits the write pause. What was set survives restarts of the database and of Lockstep.
 */
public interface Writes {

    /**
     * Waits, before the write pause, for transactions that are open now and that {@link #stop} would cut off, for as long as the migration file
     * says; throws if they outlast that and are not to be cut off.
     *
     * @param wanted called at every look; throws once nobody wants to wait any more
     */
    void settle(Runnable wanted);

    /** When it returns, no write of the application can commit any more, open transactions included. After a failure nobody knows. */
    void stop();

    /** When it returns, the application can write. After a failure nobody knows. */
    void allow();

    /** Whether writes are refused, as looked at just now. */
    boolean stopped();

    /** Whether nothing keeps the application from writing, likewise. Neither is true of a side that was stopped or allowed half-way. */
    boolean open();
}
