package dev.lockstep.stream.apply;

import dev.lockstep.schemas.table.Dialect;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A table's further unique indexes, also those on expressions and on a part of the rows. */
final class PostgresUniques {

    private static final String INDEXES = """
            select array_to_string(array(select pg_get_indexdef(i.indexrelid, k, true)
                                         from generate_series(1, i.indnkeyatts) k), ', '),
                   pg_get_expr(i.indpred, i.indrelid, true),
                   array(select a.attname::text from pg_attribute a where a.attrelid = i.indrelid
                         and (a.attnum = any (i.indkey::int2[]) or exists (
                           select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid
                           and d.refclassid = 'pg_class'::regclass and d.refobjid = i.indrelid and d.refobjsubid = a.attnum)))
            from pg_index i
            where i.indrelid = ?::regclass and i.indisunique and not i.indisprimary and i.indisvalid
            """;

    /**
     * @param values its columns or expressions, as SQL over the table's columns
     * @param condition of the rows that it covers; null for all
     */
    record Index(String values, @Nullable String condition) {}

    private PostgresUniques() {}

    /**
     * Those whose columns are all carried. Only such can be compared with rows that are not in the table yet: another column's name
     * would mean the table's own.
     */
    static List<Index> of(Connection connection, Dialect dialect, Destination table) throws SQLException {
        Set<String> carried =
                table.columns().stream().map(Destination.Column::name).collect(Collectors.toSet());
        List<Index> indexes = new ArrayList<>();
        try (var query = connection.prepareStatement(INDEXES)) {
            query.setString(1, dialect.quote(table.table()));
            try (var row = query.executeQuery()) {
                while (row.next())
                    if (carried.containsAll(columns(row))) indexes.add(new Index(row.getString(1), row.getString(2)));
            }
        }
        return indexes;
    }

    private static List<String> columns(ResultSet row) throws SQLException {
        Array names = row.getArray(3);
        return List.of((String[]) names.getArray());
    }
}
