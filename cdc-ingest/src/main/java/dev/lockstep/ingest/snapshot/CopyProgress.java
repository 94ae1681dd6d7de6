package dev.lockstep.ingest.snapshot;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /** Of several copies at once: there is as much left as of the one that takes longest. */
    public static CopyProgress together(List<CopyProgress> copies) {
        return copies.stream().reduce(CopyProgress::with).orElse(NONE);
    }

    private CopyProgress with(CopyProgress other) {
        return new CopyProgress(
                Stream.of(note, other.note)
                        .filter(said -> !said.isEmpty())
                        .distinct()
                        .collect(Collectors.joining("; ")),
                rows + other.rows,
                bytes + other.bytes,
                estimatedRows == null || other.estimatedRows == null
                        ? null
                        : Long.valueOf(estimatedRows + other.estimatedRows),
                rowsPerSecond + other.rowsPerSecond,
                left == null || other.left == null ? null : left.compareTo(other.left) < 0 ? other.left : left,
                done && other.done);
    }
}
