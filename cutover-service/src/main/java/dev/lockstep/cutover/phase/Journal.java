package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.avro.CutoverEvent;
import java.util.List;

/**
 * The migration's memory: every phase that was entered, in order, for ever. One controller at a time appends; opening a journal takes
 * it over from whoever had it before.
 */
public interface Journal extends AutoCloseable {

    /** All that was ever appended, oldest first. */
    List<CutoverEvent> read();

    /**
     * Adds one event. When it returns, the event survives every crash.
     *
     * @throws FencedOffException if another controller has taken over; nothing was added, and this one must not act any more
     * @throws JournalException if it was not added or nobody knows; every later call fails too, until the journal is opened again
     */
    void append(CutoverEvent event);

    /**
     * Adds nothing, and fails as {@link #append} would: who wants to act on, long after it appended last, sees whether it may.
     *
     * @throws FencedOffException if another controller has taken over; this one must not act any more
     * @throws JournalException if nobody knows; every later call fails too, until the journal is opened again
     */
    void confirm();

    @Override
    void close();
}
