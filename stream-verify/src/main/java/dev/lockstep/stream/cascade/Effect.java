package dev.lockstep.stream.cascade;

import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import java.util.ArrayList;
import java.util.List;

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

    /** The change of a row of the child, which may be another's parent. */
    ParentChange changeOf(Row row) {
        if (removes()) return new ParentChange(tie.child().id(), row, null);
        List<Value> after = new ArrayList<>(row.values());
        for (int i = 0; i < to.size(); i++) after.set(tie.columns().get(i), to.get(i));
        return new ParentChange(tie.child().id(), row, new Row(after));
    }
}
