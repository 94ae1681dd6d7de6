package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.KeyCondition;
import dev.lockstep.schemas.table.KeyRange;
import dev.lockstep.schemas.table.RowReader;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of MySQL or MariaDB in ranges of its primary key, or of another unique index without NULLs. A table that has none whose
 * order can be asked for in SQL is one range.
 *
 * @param key indices into the table's columns, in the index's order; empty: rows come in no order
 */
record KeyPart(String name, TableMapping table, long estimatedRows, List<Integer> key, String index, CopyConfig config)
        implements Part {

    private static final long ROWS_PER_RANGE = 50_000;

    static List<Part> partsOf(CopyConfig config, Connection reader) throws SQLException {
        List<Part> parts = new ArrayList<>();
        for (TableMapping table : config.tables()) {
            UniqueIndex index = UniqueIndex.of(config, reader, table);
            parts.add(new KeyPart(
                    config.idOf(table).toString(),
                    table,
                    estimatedRows(config, reader, table),
                    index.columns(),
                    index.name(),
                    config));
        }
        return parts;
    }

    private static long estimatedRows(CopyConfig config, Connection reader, TableMapping table) throws SQLException {
        try (var query = reader.prepareStatement(
                "select coalesce(table_rows, -1) from information_schema.tables where table_schema = ? and table_name = ?")) {
            query.setString(1, config.idOf(table).schema());
            query.setString(2, config.idOf(table).name());
            try (var row = query.executeQuery()) {
                return row.next() ? row.getLong(1) : -1;
            }
        }
    }

    @Override
    public String storage() {
        return index;
    }

    @Override
    public @Nullable List<Value> nextBound(Connection reader, @Nullable List<Value> from) throws SQLException {
        if (key.isEmpty()) return null;
        TableMapping keys = new TableMapping(table.source(), table.target(), keyColumns(), List.of(), table.lane());
        RowReader values = config.readerOf(keys);
        String sql = "select " + values.selectList() + source() + condition().within(KeyRange.behind(from)) + order()
                + " limit 1 offset " + (ROWS_PER_RANGE - 1);
        try (var query = reader.createStatement();
                ResultSet row = query.executeQuery(sql)) {
            return row.next() ? values.read(row).values() : null;
        }
    }

    @Override
    public PreparedStatement query(Connection reader, @Nullable List<Value> from, @Nullable List<Value> to)
            throws SQLException {
        PreparedStatement query = reader.prepareStatement(
                "select " + config.readerOf(table).selectList() + source()
                        + condition().within(new KeyRange(from, to)) + order(),
                ResultSet.TYPE_FORWARD_ONLY,
                ResultSet.CONCUR_READ_ONLY);
        // both drivers then read from the socket row by row: no round trip is saved by more, and a row may be large
        query.setFetchSize(config.database().dialect().engine().equals("mysql") ? Integer.MIN_VALUE : 1);
        return query;
    }

    @Override
    public @Nullable List<Value> boundAt(ResultSet row) throws SQLException {
        if (key.isEmpty()) return null;
        Row values = config.readerOf(table).read(row);
        return key.stream().map(values::get).toList();
    }

    private List<ColumnMapping> keyColumns() {
        return key.stream().map(table.columns()::get).toList();
    }

    private KeyCondition condition() {
        return config.side().conditionOn(config.database().dialect(), keyColumns());
    }

    private String source() {
        Dialect dialect = config.database().dialect();
        return " from " + dialect.quote(config.idOf(table))
                + (key.isEmpty() ? "" : " force index (" + dialect.quote(index) + ")");
    }

    private String order() {
        return key.isEmpty() ? "" : " order by " + condition().names();
    }
}
