package dev.lockstep.stream.cascade;

import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.CascadingKey;
import dev.lockstep.schemas.table.CascadingKey.Action;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The cascading keys of the source that its log is silent of, by the parent's id: which changes have cascades, and which. Pure. */
public final class Cascades {

    /** Of a source whose log tells all. */
    public static final Cascades NONE = new Cascades(Map.of());

    private final Map<String, List<Tie>> byParent;

    private Cascades(Map<String, List<Tie>> byParent) {
        this.byParent = byParent;
    }

    /** Of tables as the source's catalog had them. */
    public static Cascades of(Collection<TableMapping> tables) {
        Map<TableId, TableMapping> bySource = new HashMap<>();
        tables.forEach(table -> bySource.put(table.source(), table));
        Map<String, List<Tie>> ties = new HashMap<>();
        for (TableMapping child : tables)
            for (CascadingKey key : child.cascades()) {
                TableMapping parent = bySource.get(key.parent());
                if (parent != null)
                    ties.computeIfAbsent(parent.id(), id -> new ArrayList<>()).add(Tie.of(parent, child, key));
            }
        Comparator<Tie> asInnoDb =
                Comparator.comparing(tie -> tie.child().source().schema());
        ties.values()
                .forEach(ofOne ->
                        ofOne.sort(asInnoDb.thenComparing(tie -> tie.key().name())));
        return new Cascades(ties);
    }

    /** Whether changes of that table can change other rows. */
    public boolean isParent(String table) {
        return byParent.containsKey(table);
    }

    /** The tables whose rows a change of that one can change, also by way of others. */
    public Set<String> reachedFrom(String table) {
        Set<String> reached = new LinkedHashSet<>();
        Deque<String> next = new ArrayDeque<>(List.of(table));
        while (!next.isEmpty())
            for (Tie tie : ties(next.remove()))
                if (reached.add(tie.child().id())) next.add(tie.child().id());
        return reached;
    }

    private List<Tie> ties(String parent) {
        return byParent.getOrDefault(parent, List.of());
    }

    /**
     * The change that the log tells, if it has cascades. A changed key, of which it tells as a delete and an insert, is {@link #moved}.
     *
     * @param key of a row whose image is not there
     * @throws IllegalStateException if the image is not there, and what is referred to is not in the key
     */
    public Optional<ParentChange> of(ChangeEvent change, @Nullable RowKey key) {
        boolean changes = change.operation() == Operation.UPDATE || change.operation() == Operation.DELETE;
        if (!changes || !isParent(change.table())) return Optional.empty();
        return before(change, key)
                .map(before -> new ParentChange(change.table(), before, change.after()))
                .filter(this::hasEffect);
    }

    /** A row whose key was changed: first of its two changes, and second. */
    public Optional<ParentChange> moved(ChangeEvent gone, @Nullable RowKey key, ChangeEvent come) {
        return before(gone, key)
                .map(before -> new ParentChange(gone.table(), before, come.after()))
                .filter(this::hasEffect);
    }

    private boolean hasEffect(ParentChange change) {
        return ties(change.table()).stream().anyMatch(tie -> tie.effect(change).isPresent());
    }

    /** The row before the change, as far as it matters. Where the log does not have it, an update has not changed the table's key. */
    private Optional<Row> before(ChangeEvent change, @Nullable RowKey key) {
        if (change.before() != null) return Optional.of(change.before());
        TableMapping table = ties(change.table()).get(0).parent();
        for (Tie tie : ties(change.table()))
            if (!table.key().containsAll(tie.keys()))
                throw new IllegalStateException("a change of table " + table.id()
                        + " came without the row before it, to which rows of "
                        + tie.child().id()
                        + " may refer by " + tie.key().name() + ": it is too large for one message");
        if (key == null) return Optional.empty();
        List<Value> row = new ArrayList<>(Collections.nCopies(table.columns().size(), Value.NULL));
        for (int i = 0; i < table.key().size(); i++)
            row.set(table.key().get(i), key.values().get(i));
        return Optional.of(new Row(row));
    }

    /** What changes do to rows that refer to theirs, in the order in which the source does it; deletes of one table are taken together. */
    List<Effect> effects(List<ParentChange> changes) {
        if (!changes.stream().allMatch(ParentChange::isDelete))
            return changes.stream().flatMap(this::effects).toList();
        return changes.stream()
                .findFirst()
                .map(first -> ties(first.table()).stream()
                        .flatMap(tie -> together(tie, changes).stream())
                        .toList())
                .orElse(List.of());
    }

    private Stream<Effect> effects(ParentChange change) {
        return ties(change.table()).stream().flatMap(tie -> tie.effect(change).stream());
    }

    private static Optional<Effect> together(Tie tie, List<ParentChange> deletes) {
        List<Effect> each =
                deletes.stream().flatMap(change -> tie.effect(change).stream()).toList();
        if (each.isEmpty()) return Optional.empty();
        List<List<Value>> from =
                each.stream().flatMap(effect -> effect.from().stream()).toList();
        return Optional.of(new Effect(tie, from, each.get(0).to()));
    }

    /** Whether rows that are changed so change others in turn. */
    boolean goesOn(Effect effect) {
        return !referredTo(effect).isEmpty();
    }

    /** The columns of the child that others refer to, and that the effect touches. */
    List<Integer> referredTo(Effect effect) {
        Set<Integer> columns = new TreeSet<>();
        for (Tie next : ties(effect.tie().child().id())) {
            boolean touched = effect.removes()
                    ? next.key().onDelete() != Action.NOTHING
                    : next.key().onUpdate() != Action.NOTHING
                            && !Collections.disjoint(next.keys(), effect.tie().columns());
            if (touched) columns.addAll(next.keys());
        }
        return List.copyOf(columns);
    }
}
