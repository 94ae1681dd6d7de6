package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/**
 * A PostgreSQL table, or a leaf of a partitioned one, in ranges of its pages: no index is walked, and every table has them. A bound is
 * a page and an item on it (ctid). Page ranges are valid as long as the table's file is the same: VACUUM FULL and CLUSTER write a new one.
 */
record PagePart(
        String name,
        TableMapping table,
        String storage,
        long estimatedRows,
        String relation,
        String columns,
        long pages,
        long pagesPerRange,
        @Nullable String sizeOfRow)
        implements Part {

    private static final long ROWS_PER_RANGE = 50_000;
    private static final long MAX_PAGES = 8_192; // 64 MB
    private static final long MIN_PAGES = 128;
    private static final long FETCH_BYTES = 8 << 20;
    private static final int MAX_FETCH = 4_000;

    private static final String RELATIONS = """
            select c.oid, c.oid::regclass::text, c.relfilenode::text, c.reltuples::bigint,
                   pg_relation_size(c.oid) / current_setting('block_size')::int,
                   c.reltoastrelid <> 0 and pg_relation_size(c.reltoastrelid) > 0, n.nspname, c.relname
            from pg_partition_tree(to_regclass(?)) t join pg_class c on c.oid = t.relid join pg_namespace n on n.oid = c.relnamespace
            where t.isleaf order by 2
            """;

    private static final String RELATION = RELATIONS.replace(
            "pg_partition_tree(to_regclass(?)) t", "(select to_regclass(?) as relid, true as isleaf) t");

    static List<Part> partsOf(CopyConfig config, Connection reader) throws SQLException {
        List<Part> parts = new ArrayList<>();
        for (TableMapping table : config.tables()) {
            boolean partitioned = isPartitioned(config, reader, table);
            try (var query = reader.prepareStatement(partitioned ? RELATIONS : RELATION)) {
                query.setString(1, config.database().dialect().quote(config.idOf(table)));
                try (var row = query.executeQuery()) {
                    while (row.next()) parts.add(part(config, table, row));
                }
            }
        }
        return parts;
    }

    private static boolean isPartitioned(CopyConfig config, Connection reader, TableMapping table) throws SQLException {
        try (var query = reader.prepareStatement("select relkind = 'p' from pg_class where oid = to_regclass(?)")) {
            query.setString(1, config.database().dialect().quote(config.idOf(table)));
            try (var row = query.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static Part part(CopyConfig config, TableMapping table, ResultSet row) throws SQLException {
        Dialect dialect = config.database().dialect();
        long rows = row.getLong(4);
        long pages = row.getLong(5);
        long rowsPerPage = rows <= 0 || pages == 0 ? 1 : Math.max(1, rows / pages);
        return new PagePart(
                row.getString(7) + "." + row.getString(8),
                table,
                row.getString(3),
                rows,
                dialect.quote(row.getString(7)) + "." + dialect.quote(row.getString(8)),
                config.readerOf(table).selectList(),
                pages,
                Math.min(MAX_PAGES, Math.max(MIN_PAGES, ROWS_PER_RANGE / rowsPerPage)),
                row.getBoolean(6) ? sizeOfRow(config, table) : null);
    }

    /** What a row's values take once they are read; a value on the row's own page is short enough not to be asked for. */
    private static String sizeOfRow(CopyConfig config, TableMapping table) {
        return table.columns().stream()
                .filter(column -> column.kind() == Kind.TEXT
                        || column.kind() == Kind.PADDED_TEXT
                        || column.kind() == Kind.BINARY
                        || column.kind() == Kind.JSON
                        || column.kind() == Kind.NUMBER)
                .map(column -> sizeOf(config, column))
                .collect(Collectors.joining(" + ", "100 + ", ""));
    }

    private static String sizeOf(CopyConfig config, ColumnMapping column) {
        String name = config.database().dialect().quote(config.side().nameOf(column));
        String text = column.kind() == Kind.BINARY ? name : name + "::text";
        return "case when pg_column_size(" + name + ") > 1000 then octet_length(" + text + ") else 1000 end";
    }

    @Override
    public @Nullable List<Value> nextBound(Connection reader, @Nullable List<Value> from) {
        long next = (from == null ? 0 : ((Value.Whole) from.get(0)).value()) + pagesPerRange;
        return next >= pages ? null : List.of(new Value.Whole(next), new Value.Whole(0));
    }

    @Override
    public PreparedStatement query(Connection reader, @Nullable List<Value> from, @Nullable List<Value> to)
            throws SQLException {
        String range =
                " from only " + relation + " where ctid > " + tid(from) + (to == null ? "" : " and ctid <= " + tid(to));
        PreparedStatement query = reader.prepareStatement("select " + columns + ", ctid" + range);
        query.unwrap(PGStatement.class).setPrepareThreshold(-1); // binary values from the first time on
        query.setFetchSize(fetchSize(reader, range));
        return query;
    }

    /** So many rows that they fit into memory at once, whatever their size. */
    private int fetchSize(Connection reader, String range) throws SQLException {
        if (sizeOfRow == null) return MAX_FETCH;
        try (var statement = reader.createStatement();
                var row = statement.executeQuery("select coalesce(max(" + sizeOfRow + "), 0)" + range)) {
            row.next();
            return (int) Math.min(MAX_FETCH, Math.max(1, FETCH_BYTES / Math.max(1, row.getLong(1))));
        }
    }

    private static String tid(@Nullable List<Value> bound) {
        if (bound == null) return "'(0,0)'::tid";
        return "'(" + ((Value.Whole) bound.get(0)).value() + "," + ((Value.Whole) bound.get(1)).value() + ")'::tid";
    }

    @Override
    public List<Value> boundAt(ResultSet row) throws SQLException {
        String ctid = row.getString(table.columns().size() + 1);
        int comma = ctid.indexOf(',');
        return List.of(
                new Value.Whole(Long.parseLong(ctid, 1, comma, 10)),
                new Value.Whole(Long.parseLong(ctid, comma + 1, ctid.length() - 1, 10)));
    }
}
