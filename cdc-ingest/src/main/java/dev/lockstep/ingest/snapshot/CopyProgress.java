package dev.lockstep.ingest.snapshot;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far an initial copy has come in reading its database.
 *
 * @param note what it waits for or why it pauses, in words; empty while it reads
 * @param rows in the topic of changes, or on their way there
 * @param bytes of them on the wire
 * @param estimatedRows of all tables, as the catalog guesses; null where it does not
 * @param rowsPerSecond since this process began to read
 * @param left at that rate; null where it cannot be told
 * @param done all rows are in the topic of changes
 */
public record CopyProgress(
        String note,
        long rows,
        long bytes,
        @Nullable Long estimatedRows,
        double rowsPerSecond,
        @Nullable Duration left,
        boolean done) {

    public static final CopyProgress NONE = new CopyProgress("", 0, 0, null, 0, null, false);
}
