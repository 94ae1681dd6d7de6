package dev.lockstep.schemas.table;

import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * A table as both sides agree on it. Messages and reports on either side speak the source's names.
 *
 * @param columns the carried columns; rows hold their values in this order
 * @param key indices into columns, in primary-key order
 * @param lane the lane that carries the table
 */
public record TableMapping(TableId source, TableId target, List<ColumnMapping> columns, List<Integer> key, int lane) {

    /** The table's id in every message: the source's. */
    public String id() {
        return source.toString();
    }

    public RowKey keyOf(Row row) {
        List<Value> values = new ArrayList<>(key.size());
        for (int column : key) values.add(row.get(column));
        return new RowKey(id(), values);
    }

    public List<ColumnMapping> keyColumns() {
        return key.stream().map(columns::get).toList();
    }

    /** Where a column stands in a row. */
    public int indexOf(String column) {
        for (int i = 0; i < columns.size(); i++) if (columns.get(i).name().equals(column)) return i;
        throw new IllegalArgumentException("table " + id() + " has no column " + column);
    }
}
