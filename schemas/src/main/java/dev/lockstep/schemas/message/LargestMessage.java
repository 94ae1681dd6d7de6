package dev.lockstep.schemas.message;

import dev.lockstep.schemas.row.RowKey;

/** How large a message may be. Topics, brokers and producers are set to it. */
public final class LargestMessage {

    public static final int BYTES = 100 << 20;

    /** What Kafka adds, generously. */
    private static final int FRAME = 16 << 10;

    private LargestMessage() {}

    /**
     * A change as the bytes of its message. The row before it is left out where both do not fit: the row alone says what to apply.
     *
     * @param key the row's
     * @param keyBytes of its own in the message
     * @throws IllegalArgumentException if the row alone does not fit; it is named
     */
    public static byte[] encode(RowKey key, int keyBytes, ChangeEvent change) {
        byte[] bytes = Messages.encode(change);
        if (bytes.length <= BYTES - FRAME - keyBytes) return bytes;
        if (change.before() != null)
            return encode(
                    key,
                    keyBytes,
                    new ChangeEvent(
                            change.table(),
                            change.operation(),
                            null,
                            change.after(),
                            change.position(),
                            change.transaction()));
        throw new IllegalArgumentException("row " + change.table() + " " + key.display() + " takes "
                + (bytes.length >> 20) + " MB, and a message at most " + (BYTES >> 20)
                + " MB: make it smaller on the source and begin anew, or leave its large column out"
                + " (excludeColumns in the migration file)");
    }
}
