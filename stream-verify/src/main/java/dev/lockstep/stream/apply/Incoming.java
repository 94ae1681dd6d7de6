package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.ChangeHead;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.row.RowKey;
import org.jspecify.annotations.Nullable;

/**
 * A change as it came from Kafka; its rows are decoded where they are asked for, and each time anew.
 *
 * @param timestampMillis the record's: when capture handed it over
 * @param bytes of key and value on the wire
 * @param key the record's: a DELETE's row the log may not have whole
 */
record Incoming(long offset, long timestampMillis, int bytes, byte @Nullable [] key, byte[] message, ChangeHead head) {

    static Incoming of(long offset, long timestampMillis, byte @Nullable [] key, byte[] message) {
        int bytes = message.length + (key == null ? 0 : key.length);
        return new Incoming(offset, timestampMillis, bytes, key, message, Messages.headOf(message));
    }

    String table() {
        return head.table();
    }

    Operation operation() {
        return head.operation();
    }

    ChangeEvent change() {
        return Messages.decodeChange(message);
    }

    /** The key of a DELETE; null for everything else. */
    @Nullable
    RowKey deleted() {
        return operation() == Operation.DELETE && key != null ? Messages.decodeKey(key) : null;
    }
}
