package dev.lockstep.stream.scan;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.KeyCondition;
import dev.lockstep.schemas.table.KeyRange;
import dev.lockstep.schemas.table.RowReader;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.stream.scan.InDatabase.Sum;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One of the two databases' table, and how it is read there. Connections do not commit by themselves; see {@link Sides}. */
final class SideTable {

    private static final int POSTGRES_FETCH = 2000;

    private final TableMapping table;
    private final RowReader reader;
    private final RowReader keyReader;
    private final KeyCondition key;
    private final String from;
    private final Optional<String> digest;
    private final int fetch;
    private final TableId id;
    private final boolean postgres;

    SideTable(Migration migration, Side side, TableMapping table) {
        this.table = table;
        Dialect dialect = migration.on(side).dialect();
        TableMapping keys = new TableMapping(
                table.source(),
                table.target(),
                table.keyColumns(),
                IntStream.range(0, table.key().size()).boxed().toList(),
                table.lane());
        reader = side.readerOf(dialect, table);
        keyReader = side.readerOf(dialect, keys);
        key = side.conditionOn(dialect, table.keyColumns());
        id = side.nameOf(table);
        postgres = dialect.engine().equals("postgresql");
        from = " from " + dialect.quote(id);
        digest = InDatabase.digest(
                migration.source().dialect(), migration.target().dialect(), table, side);
        fetch = switch (dialect.engine()) {
            case "postgresql" -> POSTGRES_FETCH;
            case "mysql" -> Integer.MIN_VALUE; // its driver's word for: row by row, as they come
            default -> 1;
        };
    }

    interface RowVisitor {
        void visit(RowKey key, Row row) throws SQLException, InterruptedException;
    }

    /** Every row of the range, in no order. */
    void each(Connection connection, KeyRange range, RowVisitor visitor) throws SQLException, InterruptedException {
        read(connection, key.within(range), visitor);
    }

    /** The rows with these keys, by the keys' digests. What the engine takes for the same key in another spelling is another row. */
    Map<RowDigest, Row> byKeys(Connection connection, List<RowKey> keys) throws SQLException, InterruptedException {
        Set<RowDigest> asked = keys.stream().map(RowDigest::of).collect(Collectors.toSet());
        Map<RowDigest, Row> rows = new HashMap<>();
        read(connection, key.anyOf(keys.stream().map(RowKey::values).toList()), (found, row) -> {
            RowDigest digest = RowDigest.of(found);
            if (asked.contains(digest)) rows.put(digest, row);
        });
        return rows;
    }

    private void read(Connection connection, String where, RowVisitor visitor)
            throws SQLException, InterruptedException {
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(fetch);
            try (ResultSet rows = statement.executeQuery("select " + reader.selectList() + from + where)) {
                while (rows.next()) {
                    Row row = reader.read(rows);
                    try {
                        visitor.visit(table.keyOf(row), row);
                    } catch (InterruptedException e) {
                        connection.abort(Runnable::run); // to close the result would be to read it to its end
                        throw e;
                    }
                }
            }
        }
        connection.commit();
    }

    /** The key of the range's row of that number; empty where it has no more rows than that. */
    Optional<List<Value>> bound(Connection connection, KeyRange range, long rows) throws SQLException {
        String sql = "select " + keyReader.selectList() + from + key.within(range) + " order by " + key.names()
                + " limit 2 offset " + (rows - 1);
        List<List<Value>> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) found.add(keyReader.read(row).values());
        }
        connection.commit();
        return found.size() == 2 ? Optional.of(found.get(0)) : Optional.empty();
    }

    /** Whether {@link #sum} can be asked for. */
    boolean hasSum() {
        return digest.isPresent();
    }

    /** The range's rows and their digest as the database computes it. */
    Sum sum(Connection connection, KeyRange range) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sumQuery(range))) {
            row.next();
            Sum sum = Sum.read(row);
            connection.commit();
            return sum;
        }
    }

    String sumQuery(KeyRange range) throws SQLException {
        return "select " + digest.orElseThrow() + from + key.within(range);
    }

    /** How many rows the table has about; 0 where nothing is known. */
    long estimatedRows(Connection connection) throws SQLException {
        String sql = postgres
                ? "select coalesce(sum(greatest(c.reltuples, 0)), 0) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                        + " where n.nspname = ? and c.relname = ?"
                : "select coalesce(table_rows, 0) from information_schema.tables where table_schema = ? and table_name = ?";
        try (var query = connection.prepareStatement(sql)) {
            query.setString(1, id.schema());
            query.setString(2, id.name());
            try (ResultSet row = query.executeQuery()) {
                long rows = row.next() ? row.getLong(1) : 0;
                connection.commit();
                return rows;
            }
        }
    }
}
