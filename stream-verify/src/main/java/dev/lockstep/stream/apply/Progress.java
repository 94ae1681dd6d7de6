package dev.lockstep.stream.apply;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far an applier has come, as of its last committed transaction. Counts are since it started.
 *
 * @param offset the next Kafka offset to apply, as the database holds it; of several lanes their sum
 * @param barrierMicros the newest barrier applied, microseconds since the epoch; 0 before the first
 * @param copiedRows rows of the initial copy
 * @param changedRows streamed row changes, before they were compacted
 * @param transactions transactions committed on the destination
 * @param bytes of those rows and changes on the wire
 * @param firstCopied when the transaction with the first row of the initial copy was begun; null while there was none
 * @param lastCopied when the transaction with the newest row of the initial copy was committed
 */
public record Progress(
        long offset,
        long barrierMicros,
        long copiedRows,
        long changedRows,
        long transactions,
        long bytes,
        @Nullable Instant firstCopied,
        @Nullable Instant lastCopied) {

    static final Progress NONE = new Progress(0, 0, 0, 0, 0, 0, null, null);

    Progress startingAt(Applied applied) {
        return new Progress(
                applied.nextOffset(),
                applied.barrierMicros(),
                copiedRows,
                changedRows,
                transactions,
                bytes,
                firstCopied,
                lastCopied);
    }

    Progress plus(Batch batch, Applied applied, Instant begun, Instant committed) {
        boolean copied = batch.copiedRows() > 0;
        return new Progress(
                applied.nextOffset(),
                applied.barrierMicros(),
                copiedRows + batch.copiedRows(),
                changedRows + batch.changedRows(),
                transactions + 1,
                bytes + batch.bytes(),
                copied && firstCopied == null ? begun : firstCopied,
                copied ? committed : lastCopied);
    }

    /** Of several lanes at once: the newest barrier that all have applied, and counts of all. */
    static Progress together(List<Progress> lanes) {
        return lanes.stream().reduce(Progress::with).orElse(NONE);
    }

    private Progress with(Progress other) {
        return new Progress(
                offset + other.offset,
                Math.min(barrierMicros, other.barrierMicros),
                copiedRows + other.copiedRows,
                changedRows + other.changedRows,
                transactions + other.transactions,
                bytes + other.bytes,
                earliest(firstCopied, other.firstCopied),
                latest(lastCopied, other.lastCopied));
    }

    private static @Nullable Instant earliest(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) return one == null ? other : one;
        return one.isBefore(other) ? one : other;
    }

    private static @Nullable Instant latest(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) return one == null ? other : one;
        return one.isBefore(other) ? other : one;
    }

    long rows() {
        return copiedRows + changedRows;
    }
}
