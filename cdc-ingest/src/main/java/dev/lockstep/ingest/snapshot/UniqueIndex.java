package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The index of a MySQL or MariaDB table whose order its copy follows.
 *
 * @param columns indices into the mapping's columns; empty: there is none
 */
record UniqueIndex(String name, List<Integer> columns) {

    private static final UniqueIndex NONE = new UniqueIndex("", List.of());

    private static final String COLUMNS = """
            select s.index_name, s.column_name, c.column_type, s.sub_part is null and s.collation = 'A' and c.is_nullable = 'NO'
            from information_schema.statistics s
            join information_schema.columns c on c.table_schema = s.table_schema and c.table_name = s.table_name and c.column_name = s.column_name
            where s.table_schema = ? and s.table_name = ? and s.non_unique = 0
            order by s.index_name <> 'PRIMARY', s.index_name, s.seq_in_index
            """;

    static UniqueIndex of(CopyConfig config, Connection reader, TableMapping table) throws SQLException {
        Map<String, List<Integer>> indexes = new LinkedHashMap<>();
        TableId id = config.idOf(table);
        List<String> names = table.columns().stream().map(config.side()::nameOf).toList();
        try (var query = reader.prepareStatement(COLUMNS)) {
            query.setString(1, id.schema());
            query.setString(2, id.name());
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    int column = names.indexOf(row.getString(2));
                    boolean usable = row.getBoolean(4) && isOrdered(row.getString(3));
                    indexes.computeIfAbsent(row.getString(1), name -> new ArrayList<>())
                            .add(usable ? column : -1);
                }
            }
        }
        return indexes.entrySet().stream()
                .filter(index -> !index.getValue().contains(-1))
                .map(index -> new UniqueIndex(index.getKey(), List.copyOf(index.getValue())))
                .findFirst()
                .orElse(NONE);
    }

    /** Whether {@code order by} and {@code <} of a column of this type go by one order, and its values go there and back unchanged. */
    private static boolean isOrdered(String type) {
        return type.matches(
                "(?i)(tinyint|smallint|mediumint|int|bigint|decimal|char|varchar|binary|varbinary|date|datetime|timestamp|uuid)\\b.*");
    }
}
