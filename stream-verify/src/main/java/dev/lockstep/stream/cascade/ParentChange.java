package dev.lockstep.stream.cascade;

import dev.lockstep.schemas.row.Row;
import org.jspecify.annotations.Nullable;

/**
 * A change of a row that others may refer to.
 *
 * @param table its id
 * @param before the row that was there; what no key refers to may be left out, as NULL
 * @param after what became of it, likewise; null: it is gone
 */
public record ParentChange(
        String table, Row before, @Nullable Row after) {

    public boolean isDelete() {
        return after == null;
    }
}
