package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction on the destination takes.
 *
 * @param nextOffset the Kafka offset after the last record that went into it
 * @param position of the newest change in it or before it
 * @param copies rows of the initial copy, which come before the changes
 * @param segments what the changes come to, one after the other; one is the rule
 * @param barrier the barrier that closes it, if one does
 * @param copiedRows rows of the initial copy that went into it
 * @param changedRows streamed changes that went into it
 * @param bytes of both on the wire
 */
record Batch(
        long nextOffset,
        Position position,
        List<CopiedRows> copies,
        List<Segment> segments,
        @Nullable Barrier barrier,
        long copiedRows,
        long changedRows,
        long bytes) {

    /** All that is written of the tables, a table once for each segment. */
    List<NetChanges> tables() {
        return segments.stream().flatMap(segment -> segment.tables().stream()).toList();
    }
}
