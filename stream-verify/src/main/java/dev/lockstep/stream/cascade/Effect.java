package dev.lockstep.stream.cascade;

import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What becomes of the rows that refer to parents: they go, or refer to something else.
 *
 * @param from of the parents
 * @param to what the rows hold in the tie's columns then; {@link #GONE}: the rows are removed
 */
record Effect(Tie tie, List<List<Value>> from, List<Value> to) {

    static final List<Value> GONE = List.of();

    boolean removes() {
        return to.isEmpty();
    }

    /** Whether rows may look to the server as if they still referred to the parents: 'a' that became 'A'. */
    boolean leavesAlike() {
        return !removes() && IntStream.range(0, to.size()).allMatch(this::leavesAlike);
    }

    private boolean leavesAlike(int column) {
        Value value = to.get(column);
        if (value instanceof Value.Null) return false;
        Kind kind = tie.child().columns().get(tie.columns().get(column)).kind();
        return kind != Kind.NUMBER
                || from.stream().anyMatch(row -> Tie.isSame(List.of(row.get(column)), List.of(value)));
    }

    /** The change of a row of the child, which may be another's parent. */
    ParentChange changeOf(Row row) {
        if (removes()) return new ParentChange(tie.child().id(), row, null);
        List<Value> after = new ArrayList<>(row.values());
        for (int i = 0; i < to.size(); i++) after.set(tie.columns().get(i), to.get(i));
        return new ParentChange(tie.child().id(), row, new Row(after));
    }
}
