package dev.lockstep.stream.cascade;

import dev.lockstep.schemas.row.CanonicalEncoder;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.CascadingKey;
import dev.lockstep.schemas.table.CascadingKey.Action;
import dev.lockstep.schemas.table.TableMapping;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A cascading key between two tables of the migration.
 *
 * @param columns indices into the child's columns, each with its pair in {@code keys}
 * @param keys indices into the parent's
 */
record Tie(TableMapping parent, TableMapping child, CascadingKey key, List<Integer> columns, List<Integer> keys) {

    static Tie of(TableMapping parent, TableMapping child, CascadingKey key) {
        return new Tie(
                parent,
                child,
                key,
                key.columns().stream().map(child::indexOf).toList(),
                key.keys().stream().map(parent::indexOf).toList());
    }

    /** What the change does to the child's rows, if anything. Rows whose key has a NULL in it refer to nobody. */
    Optional<Effect> effect(ParentChange change) {
        List<Value> from = values(change.before(), keys);
        if (from.contains(Value.NULL)) return Optional.empty();
        Row after = change.after();
        if (after == null) return effect(key.onDelete(), from, Effect.GONE);
        List<Value> to = values(after, keys);
        return isSame(from, to) ? Optional.empty() : effect(key.onUpdate(), from, to);
    }

    private Optional<Effect> effect(Action action, List<Value> from, List<Value> cascaded) {
        return switch (action) {
            case NOTHING -> Optional.empty();
            case CASCADE -> Optional.of(new Effect(this, List.of(from), cascaded));
            case SET_NULL ->
                Optional.of(new Effect(this, List.of(from), Collections.nCopies(columns.size(), Value.NULL)));
        };
    }

    private static List<Value> values(Row row, List<Integer> columns) {
        return columns.stream().map(row::get).toList();
    }

    static boolean isSame(List<Value> one, List<Value> other) {
        return Arrays.equals(
                new CanonicalEncoder().values(one).toBytes(),
                new CanonicalEncoder().values(other).toBytes());
    }
}
