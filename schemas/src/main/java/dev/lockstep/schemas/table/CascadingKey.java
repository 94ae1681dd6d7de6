package dev.lockstep.schemas.table;

import java.util.List;

/**
 * A foreign key of the source by which a change of the parent changes the child, and no log tells of it: whoever follows the log has to
 * make that change too.
 *
 * @param name InnoDB follows a parent's keys in the order of their names, the child's schema first
 * @param columns of the child, as the source names them, each with its pair in {@code keys}
 * @param keys of the parent, likewise
 */
public record CascadingKey(
        String name, List<String> columns, TableId parent, List<String> keys, Action onDelete, Action onUpdate) {

    /** What becomes of the child's rows. */
    public enum Action {
        /** They are not changed: the source refuses the parent's change while there are any. */
        NOTHING,
        /** They go with the parent, or take its new values over. */
        CASCADE,
        SET_NULL
    }

    public CascadingKey {
        columns = List.copyOf(columns);
        keys = List.copyOf(keys);
    }
}
