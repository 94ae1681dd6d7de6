package dev.lockstep.stream.scan;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Texts;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A row's values on both sides, in the columns that differ, or in all where one side lacks it. For operators who ask for them. */
public record RowValues(RowKey key, List<ColumnValues> columns) {

    /** What both sides hold, as people read it; null: NULL, or no such row. */
    public record ColumnValues(
            String column,
            @Nullable String source,
            @Nullable String target) {}

    static List<RowValues> read(Migration migration, Sides sides, TableMapping table, List<RowKey> keys)
            throws SQLException, InterruptedException {
        SideTable source = new SideTable(migration, Side.SOURCE, table);
        SideTable target = new SideTable(migration, Side.TARGET, table);
        var rows = sides.both(c -> source.byKeys(c, keys), c -> target.byKeys(c, keys));
        return keys.stream()
                .map(key -> new RowValues(
                        key,
                        columns(
                                table,
                                rows.source().get(RowDigest.of(key)),
                                rows.target().get(RowDigest.of(key)))))
                .toList();
    }

    private static List<ColumnValues> columns(TableMapping table, @Nullable Row source, @Nullable Row target) {
        List<ColumnValues> columns = new ArrayList<>();
        for (int i : differing(table, source, target))
            columns.add(new ColumnValues(
                    table.columns().get(i).name(),
                    source == null ? null : shown(source.get(i)),
                    target == null ? null : shown(target.get(i))));
        return columns;
    }

    /** The columns in which both rows differ; all where there is only one. */
    static List<Integer> differing(TableMapping table, @Nullable Row one, @Nullable Row other) {
        return IntStream.range(0, table.columns().size())
                .filter(i -> one == null || other == null || !digest(one.get(i)).equals(digest(other.get(i))))
                .boxed()
                .toList();
    }

    private static RowDigest digest(Value value) {
        return RowDigest.of("", new Row(List.of(value)));
    }

    private static @Nullable String shown(Value value) {
        return value instanceof Value.Null ? null : Texts.display(value);
    }
}
