package dev.lockstep.stream.apply;

import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Rows as one array per column, unnested by one statement per table and kind: one plan and one round trip for every number of
 * rows. Another row that holds a unique value raises the server's own unique violation, as only the key is named in ON CONFLICT.
 */
final class PostgresSink implements Sink {

    private static final int MAX_ROWS = 20_000;
    private static final long MAX_CHARS = 32L << 20;

    private final Dialect dialect;
    private final Map<Destination, String> deletes = new HashMap<>();
    private final Map<Destination, String> upserts = new HashMap<>();
    private final Map<Destination, String> inserts = new HashMap<>();
    private final Map<Destination, String> updates = new HashMap<>();

    PostgresSink(Dialect dialect) {
        this.dialect = dialect;
    }

    /** A table that was empty when it was last analysed invites a full scan per delete, long after it has grown. */
    @Override
    public void prepare(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("set enable_seqscan = off");
            statement.execute("set enable_hashjoin = off");
            statement.execute("set enable_mergejoin = off");
            statement.execute("set plan_cache_mode = force_generic_plan");
        }
    }

    @Override
    public void delete(Connection connection, Destination table, List<List<Value>> keys) throws SQLException {
        execute(
                connection,
                deletes.computeIfAbsent(table, this::deleteSql),
                table.key().size(),
                keys);
    }

    @Override
    public void upsert(Connection connection, Destination table, List<Row> rows) throws SQLException {
        List<List<Value>> values = rows.stream().map(Row::values).toList();
        execute(
                connection,
                upserts.computeIfAbsent(table, this::upsertSql),
                table.columns().size(),
                values);
    }

    @Override
    public void insert(Connection connection, Destination table, List<Row> rows) throws SQLException {
        List<List<Value>> values = rows.stream().map(Row::values).toList();
        String sql = inserts.computeIfAbsent(table, this::insertSql);
        execute(connection, sql, table.columns().size(), values);
    }

    /** An upsert would write every row twice into the log: once locked, once changed. */
    @Override
    public void update(Connection connection, Destination table, List<Row> rows) throws SQLException {
        if (table.otherColumns().isEmpty()) {
            upsert(connection, table, rows);
            return;
        }
        List<List<Value>> values = rows.stream().map(Row::values).toList();
        String sql = updates.computeIfAbsent(table, this::updateSql);
        if (execute(connection, sql, table.columns().size(), values) < rows.size()) upsert(connection, table, rows);
    }

    /** The commit need not reach the disk: the rows and the offset behind them are lost together, and come again. */
    @Override
    public void copy(Connection connection, Destination table, Iterable<Row> rows) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("set local synchronous_commit = off");
        }
        String into = "copy " + dialect.quote(table.table()) + " (" + quoted(table.columns()) + ") from stdin";
        PostgresCopy.write(connection, into, rows);
    }

    @Override
    public void replace(Connection connection, Destination table, List<Row> rows) throws SQLException {
        List<List<Value>> values = rows.stream().map(Row::values).toList();
        for (PostgresUniques.Index index : PostgresUniques.of(connection, dialect, table))
            execute(connection, deleteEqual(table, index), table.columns().size(), values);
        upsert(connection, table, rows);
    }

    private String deleteEqual(Destination table, PostgresUniques.Index index) {
        String condition = index.condition() == null ? "true" : index.condition();
        return "delete from " + dialect.quote(table.table()) + " where " + condition + " and (" + index.values()
                + ") in (select " + index.values() + " from " + unnest(table.columns()) + " as incoming("
                + quoted(table.columns()) + ") where " + condition + ")";
    }

    private static long execute(Connection connection, String sql, int columns, List<List<Value>> rows)
            throws SQLException {
        long met = 0;
        try (var statement = connection.prepareStatement(sql)) {
            for (List<List<Value>> chunk : Chunks.of(rows, MAX_ROWS, MAX_CHARS)) {
                for (int i = 0; i < columns; i++) statement.setObject(i + 1, PostgresArray.of(chunk, i), Types.OTHER);
                met += statement.executeUpdate();
            }
        }
        return met;
    }

    private String deleteSql(Destination table) {
        List<Destination.Column> key = table.keyColumns();
        String where = IntStream.range(0, key.size())
                .mapToObj(i -> "t." + dialect.quote(key.get(i).name()) + " = k.c" + i)
                .collect(Collectors.joining(" and "));
        return "delete from " + dialect.quote(table.table()) + " t using " + unnest(key) + " k(" + names(key)
                + ") where " + where;
    }

    private String updateSql(Destination table) {
        List<Destination.Column> columns = table.columns();
        String set = IntStream.range(0, columns.size())
                .filter(i -> !table.key().contains(i))
                .mapToObj(i -> dialect.quote(columns.get(i).name()) + " = n.c" + i)
                .collect(Collectors.joining(", "));
        String where = table.key().stream()
                .map(i -> "t." + dialect.quote(columns.get(i).name()) + " = n.c" + i)
                .collect(Collectors.joining(" and "));
        return "update " + dialect.quote(table.table()) + " t set " + set + " from " + unnest(columns) + " n("
                + names(columns) + ") where " + where;
    }

    private String upsertSql(Destination table) {
        String update = table.otherColumns().stream()
                .map(c -> dialect.quote(c.name()) + " = excluded." + dialect.quote(c.name()))
                .collect(Collectors.joining(", "));
        return insertSql(table) + " on conflict (" + quoted(table.keyColumns()) + ") do "
                + (update.isEmpty() ? "nothing" : "update set " + update);
    }

    private String insertSql(Destination table) {
        // "overriding system value": a column that is GENERATED ALWAYS AS IDENTITY takes our value too
        return "insert into " + dialect.quote(table.table()) + " (" + quoted(table.columns())
                + ") overriding system value select * from " + unnest(table.columns()) + " as incoming";
    }

    private static String unnest(List<Destination.Column> columns) {
        String rows = columns.stream()
                .map(c -> "?::" + (isText(c) ? "text" : PostgresTypes.unbounded(c.type())) + "[]")
                .collect(Collectors.joining(", ", "unnest(", ")"));
        return columns.stream().noneMatch(PostgresSink::isText)
                ? rows
                : "(select " + casts(columns) + " from " + rows + " as texts(" + names(columns) + "))";
    }

    /** Sent as text and made the type's in the statement: unnesting an array of arrays would yield what is within them. */
    private static boolean isText(Destination.Column column) {
        return column.kind() == Kind.SPELLED;
    }

    private static String casts(List<Destination.Column> columns) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> "c" + i
                        + (isText(columns.get(i))
                                ? "::" + PostgresTypes.unbounded(columns.get(i).type())
                                : ""))
                .collect(Collectors.joining(", "));
    }

    private static String names(List<Destination.Column> columns) {
        return IntStream.range(0, columns.size()).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
    }

    private String quoted(List<Destination.Column> columns) {
        return columns.stream().map(c -> dialect.quote(c.name())).collect(Collectors.joining(", "));
    }
}
