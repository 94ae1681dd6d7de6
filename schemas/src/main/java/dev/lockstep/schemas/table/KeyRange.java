package dev.lockstep.schemas.table;

import dev.lockstep.schemas.row.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows whose keys lie behind one key, up to and with another.
 *
 * @param from null: from the first row
 * @param to null: to the last row
 */
public record KeyRange(@Nullable List<Value> from, @Nullable List<Value> to) {

    /** All rows. */
    public static final KeyRange ALL = new KeyRange(null, null);

    public static KeyRange behind(@Nullable List<Value> from) {
        return new KeyRange(from, null);
    }

    public KeyRange upTo(@Nullable List<Value> bound) {
        return new KeyRange(from, bound);
    }
}
