package dev.lockstep.stream.apply;

import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.MySqlLiteral;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Multi-row statements as text, for MySQL and MariaDB with either driver: the drivers' bulk protocols take an upsert row by row.
 *
 * <p>ON DUPLICATE KEY UPDATE takes a duplicate in <em>any</em> unique index for the row, and would overwrite another row in silence. So
 * each upsert first compares the key of the row that it met; where that is another row's, it raises error 1242 by asking for a
 * value with two rows (a plain NULL would do for most keys, but an auto-increment column takes it as 0).
 */
final class MySqlSink implements Sink {

    private static final int MAX_ROWS = 1000;
    private static final long MAX_CHARS = 4L << 20;
    private static final int WORTH_PREPARING = 20;

    private final Dialect dialect;
    private volatile long maxChars = MAX_CHARS; // set by the writer, read by who prepares for it

    MySqlSink(Dialect dialect) {
        this.dialect = dialect;
    }

    @Override
    public void prepare(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("select @@max_allowed_packet")) {
            row.next();
            maxChars = Math.min(MAX_CHARS, row.getLong(1) / 4); // a character is up to three bytes, or two of them four
        }
        // a process that is frozen in a transaction would keep its rows from whoever takes over
        try (var statement = connection.createStatement()) {
            statement.execute(
                    dialect.engine().equals("mariadb")
                            ? "set session idle_transaction_timeout = 10"
                            : "set session wait_timeout = 30");
        }
    }

    @Override
    public void delete(Connection connection, Destination table, List<List<Value>> keys) throws SQLException {
        String head =
                "delete from " + dialect.quote(table.table()) + " where (" + quoted(table.keyColumns()) + ") in (";
        execute(connection, head, keys, table.key().size() > 1, ")");
    }

    @Override
    public void upsert(Connection connection, Destination table, List<Row> rows) throws SQLException {
        execute(connection, insert(table), rows.stream().map(Row::values).toList(), true, onDuplicate(table));
    }

    @Override
    public Spelled spellUpdate(Destination table, List<Row> rows) throws SQLException {
        String head = insert(table);
        String tail = onDuplicate(table);
        List<String> statements = new ArrayList<>();
        for (List<List<Value>> chunk : Chunks.of(rows.stream().map(Row::values).toList(), MAX_ROWS, maxChars)) {
            if (LargeRow.is(chunk)) return connection -> upsert(connection, table, rows);
            statements.add(spell(head, chunk, true, tail));
        }
        return connection -> {
            try (var statement = connection.createStatement()) {
                statement.setEscapeProcessing(false);
                for (String sql : statements) statement.executeUpdate(sql);
            }
        };
    }

    @Override
    public Spelled spellInsert(Destination table, List<Row> rows) {
        if (rows.size() >= WORTH_PREPARING) return connection -> copy(connection, table, rows);
        return connection -> execute(
                connection, insert(table), rows.stream().map(Row::values).toList(), true, "");
    }

    @Override
    public void copy(Connection connection, Destination table, Iterable<Row> rows) throws SQLException {
        if (dialect.engine().equals("mariadb") && MariaDbBulk.takes(table)) {
            String values = table.columns().stream().map(c -> "?").collect(Collectors.joining(",", "(", ")"));
            MariaDbBulk.insert(connection, insert(table) + values, table, rows);
            return;
        }
        List<List<Value>> values = new ArrayList<>();
        rows.forEach(row -> values.add(row.values()));
        execute(connection, insert(table), values, true, "");
    }

    @Override
    public void replace(Connection connection, Destination table, List<Row> rows) throws SQLException {
        execute(
                connection,
                into("replace", table),
                rows.stream().map(Row::values).toList(),
                true,
                "");
    }

    private String insert(Destination table) {
        return into("insert", table);
    }

    private String into(String verb, Destination table) {
        return verb + " into " + dialect.quote(table.table()) + " (" + quoted(table.columns()) + ") values ";
    }

    private void execute(Connection connection, String head, List<List<Value>> rows, boolean tuples, String tail)
            throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (List<List<Value>> chunk : Chunks.of(rows, MAX_ROWS, maxChars)) {
                if (LargeRow.is(chunk)) {
                    LargeRow.execute(connection, head, chunk.get(0), tail);
                    continue;
                }
                statement.executeUpdate(spell(head, chunk, tuples, tail));
            }
        }
    }

    private static String spell(String head, List<List<Value>> rows, boolean tuples, String tail) throws SQLException {
        StringBuilder sql = new StringBuilder(head.length() + rows.size() * 64);
        appendRows(sql.append(head), rows, tuples);
        return sql.append(tail).toString();
    }

    private static void appendRows(StringBuilder sql, List<List<Value>> rows, boolean tuples) throws SQLException {
        for (int i = 0; i < rows.size(); i++) {
            if (i > 0) sql.append(',');
            if (tuples) sql.append('(');
            List<Value> row = rows.get(i);
            for (int column = 0; column < row.size(); column++) {
                if (column > 0) sql.append(',');
                MySqlLiteral.append(sql, row.get(column));
            }
            if (tuples) sql.append(')');
        }
    }

    private String onDuplicate(Destination table) {
        String guard = table.keyColumns().stream()
                .map(c -> dialect.quote(c.name()))
                .map(k -> k + "=if(" + k + "<=>values(" + k + "),values(" + k + "),(select 1 union all select 2))")
                .collect(Collectors.joining(","));
        String others = table.otherColumns().stream()
                .map(c -> dialect.quote(c.name()))
                .map(c -> "," + c + "=values(" + c + ")")
                .collect(Collectors.joining());
        return " on duplicate key update " + guard + others;
    }

    private String quoted(List<Destination.Column> columns) {
        return columns.stream().map(c -> dialect.quote(c.name())).collect(Collectors.joining(","));
    }
}
