package dev.lockstep.schemas.table;

import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A table as both sides agree on it. Messages and reports on either side speak the source's names.
 *
 * @param columns the carried columns; rows hold their values in this order
 * @param key indices into columns, in primary-key order
 * @param lane the lane that carries the table
 * @param round which copying of tables brought its rows: 0 is the initial one; see {@link #inRound}
 * @param cascades keys by which changes of other tables, or of its own, change its rows unseen by the source's log
 */
public record TableMapping(
        TableId source,
        TableId target,
        List<ColumnMapping> columns,
        List<Integer> key,
        int lane,
        int round,
        List<CascadingKey> cascades) {

    /** Of the initial copy, with nothing unseen. */
    public TableMapping(TableId source, TableId target, List<ColumnMapping> columns, List<Integer> key, int lane) {
        this(source, target, columns, key, lane, 0, List.of());
    }

    public TableMapping withCascades(List<CascadingKey> keys) {
        return new TableMapping(source, target, columns, key, lane, round, List.copyOf(keys));
    }

    /** Whether all that happens to its rows is in the source's log. Of others the logs prove nothing; a scan does. */
    public boolean isLogged() {
        return cascades.isEmpty();
    }

    /** The ids of those whose changes are all in the log. */
    public static Set<String> logged(Collection<TableMapping> tables) {
        return tables.stream()
                .filter(TableMapping::isLogged)
                .map(TableMapping::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The table's id in every message: the source's name, and from the second copy on the round, {@code shop.item@1}. */
    public String id() {
        return round == 0 ? source.toString() : source + "@" + round;
    }

    /**
     * The same table copied anew. It has an id of its own, so that no message of the table as it was, which may have had other
     * columns or rows that are gone, is ever taken for one of the table as it is.
     */
    public TableMapping inRound(int number) {
        return new TableMapping(source, target, columns, key, lane, number, cascades);
    }

    /** The newest of several tables' rounds; 0 of none. */
    public static int newestRound(List<TableMapping> tables) {
        return tables.stream().mapToInt(TableMapping::round).max().orElse(0);
    }

    /** Of several tables those that a lane carries. */
    public static List<TableMapping> ofLane(int lane, Collection<TableMapping> tables) {
        return tables.stream().filter(table -> table.lane() == lane).toList();
    }

    /** Of several tables the one whose {@link #id} it is. */
    public static TableMapping withId(String id, Collection<TableMapping> tables) {
        return tables.stream()
                .filter(table -> table.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the migration has no table " + id));
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
