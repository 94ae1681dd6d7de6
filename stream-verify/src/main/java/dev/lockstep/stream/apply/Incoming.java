package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.row.RowKey;
import org.jspecify.annotations.Nullable;

/**
 * A change as it came from Kafka.
 *
 * @param timestampMillis the record's: when capture handed it over
 * @param bytes of key and value on the wire
 * @param deleted the record's key where the change is a DELETE, whose row the log may not have whole
 */
record Incoming(
        long offset,
        long timestampMillis,
        int bytes,
        @Nullable RowKey deleted,
        ChangeEvent change) {}
