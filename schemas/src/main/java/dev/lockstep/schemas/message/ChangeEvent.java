package dev.lockstep.schemas.message;

import dev.lockstep.schemas.row.Row;
import org.jspecify.annotations.Nullable;

/**
 * One committed row change, or the end of a source transaction.
 *
 * @param table the table's id as the source names it; empty for {@link Operation#COMMIT}
 * @param before the row before the change, where the log has it whole
 * @param after the row after the change; null for DELETE and COMMIT
 * @param transaction the source's name for the transaction; null in the snapshot
 */
public record ChangeEvent(
        String table,
        Operation operation,
        @Nullable Row before,
        @Nullable Row after,
        Position position,
        @Nullable String transaction) {

    /** What happened. READ: copied by the snapshot. */
    public enum Operation {
        READ,
        INSERT,
        UPDATE,
        DELETE,
        COMMIT
    }

    public static ChangeEvent commit(Position position, @Nullable String transaction) {
        return new ChangeEvent("", Operation.COMMIT, null, null, position, transaction);
    }
}
