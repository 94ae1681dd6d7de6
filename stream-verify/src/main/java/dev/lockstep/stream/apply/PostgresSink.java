package dev.lockstep.stream.apply;

import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Map<Destination, String> deletes = new ConcurrentHashMap<>();
    private final Map<Destination, String> upserts = new ConcurrentHashMap<>();
    private final Map<Destination, String> inserts = new ConcurrentHashMap<>();
    private final Map<Destination, String> updates = new ConcurrentHashMap<>();

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
            // a process that is frozen in a transaction would keep its rows from whoever takes over
            statement.execute("set idle_in_transaction_session_timeout = '10s'");
        }
    }

    @Override
    public void delete(Connection connection, Destination table, List<List<Value>> keys) throws SQLException {
        execute(connection, deletes.computeIfAbsent(table, this::deleteSql), spell(table.keyColumns(), keys));
    }

    @Override
    public void upsert(Connection connection, Destination table, List<Row> rows) throws SQLException {
        String sql = upserts.computeIfAbsent(table, this::upsertSql);
        execute(connection, sql, spell(table.columns(), values(rows)));
    }

    private static List<List<Value>> values(List<Row> rows) {
        return rows.stream().map(Row::values).toList();
    }

    @Override
    public Spelled spellInsert(Destination table, List<Row> rows) {
        List<Object[]> spelled = spell(table.columns(), values(rows));
        String sql = inserts.computeIfAbsent(table, this::insertSql);
        return connection -> execute(connection, sql, spelled);
    }

    /** An upsert would write every row twice into the log: once locked, once changed. */
    @Override
    public Spelled spellUpdate(Destination table, List<Row> rows) {
        if (table.otherColumns().isEmpty()) return connection -> upsert(connection, table, rows);
        List<Object[]> spelled = spell(table.columns(), values(rows));
        String update = updates.computeIfAbsent(table, this::updateSql);
        String upsert = upserts.computeIfAbsent(table, this::upsertSql);
        return connection -> {
            if (execute(connection, update, spelled) < rows.size()) execute(connection, upsert, spelled);
        };
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

    /** Rows may claim one unique value among themselves, being of two views: halves in their order, so that the later one has it. */
    @Override
    public void replace(Connection connection, Destination table, List<Row> rows) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            replaceAtOnce(connection, table, rows);
            connection.releaseSavepoint(before);
        } catch (SQLException e) {
            if (rows.size() == 1 || !SqlErrors.isUniqueViolation(e)) throw e;
            connection.rollback(before);
            int half = rows.size() / 2;
            replace(connection, table, rows.subList(0, half));
            replace(connection, table, rows.subList(half, rows.size()));
        }
    }

    private void replaceAtOnce(Connection connection, Destination table, List<Row> rows) throws SQLException {
        List<Object[]> spelled = spell(table.columns(), values(rows));
        for (PostgresUniques.Index index : PostgresUniques.of(connection, dialect, table))
            execute(connection, deleteEqual(table, index), spelled);
        upsert(connection, table, rows);
    }

    private String deleteEqual(Destination table, PostgresUniques.Index index) {
        String condition = index.condition() == null ? "true" : index.condition();
        return "delete from " + dialect.quote(table.table()) + " where " + condition + " and (" + index.values()
                + ") in (select " + index.values() + " from " + unnest(table.columns()) + " as incoming("
                + quoted(table.columns()) + ") where " + condition + ")";
    }

    /** The parameters of each statement that the rows take: an array for each column. */
    private static List<Object[]> spell(List<Destination.Column> columns, List<List<Value>> rows) {
        List<Object[]> statements = new ArrayList<>();
        for (List<List<Value>> chunk : Chunks.of(rows, MAX_ROWS, MAX_CHARS)) {
            Object[] parameters = new Object[columns.size()];
            for (int i = 0; i < parameters.length; i++) parameters[i] = array(chunk, i, columns.get(i));
            statements.add(parameters);
        }
        return statements;
    }

    private static Object array(List<List<Value>> rows, int i, Destination.Column column) {
        Object binary = PostgresBinaryArray.of(rows, i, PostgresTypes.unbounded(column.type()));
        return binary == null ? PostgresArray.of(rows, i) : binary;
    }

    /** The rows that were met. */
    private static long execute(Connection connection, String sql, List<Object[]> statements) throws SQLException {
        long met = 0;
        try (var statement = connection.prepareStatement(sql)) {
            for (Object[] parameters : statements) {
                for (int i = 0; i < parameters.length; i++) statement.setObject(i + 1, parameters[i], Types.OTHER);
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
