package dev.lockstep.stream.scan;

import dev.lockstep.schemas.row.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows whose keys lie behind one key, up to and with another.
 *
 * @param from null: from the first row
 * @param to null: to the last row
 */
record KeyRange(@Nullable List<Value> from, @Nullable List<Value> to) {

    static final KeyRange ALL = new KeyRange(null, null);

    static KeyRange behind(@Nullable List<Value> from) {
        return new KeyRange(from, null);
    }

    KeyRange upTo(@Nullable List<Value> bound) {
        return new KeyRange(from, bound);
    }
}
