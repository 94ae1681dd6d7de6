package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.util.ArrayList;
import java.util.List;

/**
 * A table as it is written: a mapping seen from the side that is written to.
 *
 * @param id the table's id in messages
 * @param columns in the order of a row's values
 * @param key indices into columns, in primary-key order
 */
record Destination(String id, TableId table, List<Column> columns, List<Integer> key) {

    /**
     * @param type as the written database spells it, usable in a cast
     */
    record Column(String name, String type, Kind kind) {}

    static Destination of(TableMapping mapping, Side from) {
        boolean forward = from == Side.SOURCE;
        return new Destination(
                mapping.id(),
                forward ? mapping.target() : mapping.source(),
                mapping.columns().stream().map(c -> column(c, forward)).toList(),
                mapping.key());
    }

    private static Column column(ColumnMapping column, boolean forward) {
        return forward
                ? new Column(column.targetName(), column.targetType(), column.kind())
                : new Column(column.name(), column.sourceType(), column.kind());
    }

    List<Column> keyColumns() {
        return key.stream().map(columns::get).toList();
    }

    /** The columns that an upsert of an existing row sets. */
    List<Column> otherColumns() {
        List<Column> others = new ArrayList<>(columns);
        others.removeAll(keyColumns());
        return others;
    }

    List<Value> keyOf(Row row) {
        List<Value> values = new ArrayList<>(key.size());
        for (int column : key) values.add(row.get(column));
        return values;
    }
}
