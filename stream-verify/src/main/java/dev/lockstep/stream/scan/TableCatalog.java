package dev.lockstep.stream.scan;

import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * What one side's catalog says of a table beside its rows. Names of indexes and constraints do not count.
 *
 * @param columns by name
 * @param indexes each as {@code unique (a, b)} or {@code (a, b)}
 * @param foreignKeys each as {@code (a, b) to table}
 */
record TableCatalog(Map<String, ColumnFacts> columns, TreeSet<String> indexes, TreeSet<String> foreignKeys) {

    /**
     * @param collation empty where it has none
     */
    record ColumnFacts(boolean nullable, boolean hasDefault, String collation) {}

    private static final String COLUMNS = """
            select column_name, is_nullable = 'YES', %s, coalesce(collation_name, '') from information_schema.columns
            where table_schema = ? and table_name = ?
            """;

    /** An identity column and an auto-increment fill themselves; MariaDB spells the default NULL out. */
    private static final String POSTGRES_DEFAULT = "column_default is not null or is_identity = 'YES'";

    private static final String MYSQL_DEFAULT =
            "(column_default is not null and column_default <> 'NULL') or extra like '%auto_increment%'";

    private static final String POSTGRES_INDEXES = """
            select i.indisunique, array_to_string(array(select coalesce(a.attname, 'an expression')
                from unnest(i.indkey::int[]) with ordinality k(number, place)
                left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number and k.number > 0
                where k.place <= i.indnkeyatts order by k.place), ', ') || case when i.indpred is null then '' else ', partial' end
            from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = ? and c.relname = ?
            """;

    private static final String MYSQL_INDEXES = """
            select non_unique = 0, group_concat(coalesce(column_name, 'an expression') order by seq_in_index separator ', ')
            from information_schema.statistics where table_schema = ? and table_name = ? group by index_name, non_unique
            """;

    private static final String POSTGRES_KEYS = """
            select array_to_string(array(select a.attname from unnest(k.conkey) with ordinality x(number, place)
                join pg_attribute a on a.attrelid = k.conrelid and a.attnum = x.number order by x.place), ', '), f.relname
            from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
            join pg_class f on f.oid = k.confrelid
            where k.contype = 'f' and n.nspname = ? and c.relname = ?
            """;

    private static final String MYSQL_KEYS = """
            select group_concat(column_name order by ordinal_position separator ', '), max(referenced_table_name)
            from information_schema.key_column_usage
            where table_schema = ? and table_name = ? and referenced_table_name is not null group by constraint_name
            """;

    static TableCatalog read(Connection connection, Dialect dialect, TableId table) throws SQLException {
        boolean postgres = dialect.engine().equals("postgresql");
        TableCatalog catalog = new TableCatalog(new LinkedHashMap<>(), new TreeSet<>(), new TreeSet<>());
        each(
                connection,
                COLUMNS.formatted(postgres ? POSTGRES_DEFAULT : MYSQL_DEFAULT),
                table,
                row -> catalog.columns.put(
                        row.getString(1), new ColumnFacts(row.getBoolean(2), row.getBoolean(3), row.getString(4))));
        each(
                connection,
                postgres ? POSTGRES_INDEXES : MYSQL_INDEXES,
                table,
                row -> catalog.indexes.add((row.getBoolean(1) ? "unique " : "") + "(" + row.getString(2) + ")"));
        each(
                connection,
                postgres ? POSTGRES_KEYS : MYSQL_KEYS,
                table,
                row -> catalog.foreignKeys.add("(" + row.getString(1) + ") to " + row.getString(2)));
        connection.commit();
        return catalog;
    }

    private interface RowVisitor {
        void visit(java.sql.ResultSet row) throws SQLException;
    }

    private static void each(Connection connection, String sql, TableId table, RowVisitor visitor) throws SQLException {
        try (var query = connection.prepareStatement(sql)) {
            query.setString(1, table.schema());
            query.setString(2, table.name());
            try (var rows = query.executeQuery()) {
                while (rows.next()) visitor.visit(rows);
            }
        }
    }
}
