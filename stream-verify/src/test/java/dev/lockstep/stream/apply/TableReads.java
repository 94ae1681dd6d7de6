package dev.lockstep.stream.apply;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.row.Texts;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.Dialect;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what a sink has written, by the drivers' getters rather than by text. */
final class TableReads {

    private TableReads() {}

    static List<Row> rows(Connection connection, Dialect dialect, Destination table) throws SQLException {
        String columns =
                table.columns().stream().map(c -> expression(dialect, c)).collect(Collectors.joining(", "));
        List<Row> rows = new ArrayList<>();
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("select " + columns + " from " + dialect.quote(table.table()))) {
            while (result.next()) rows.add(row(result, table));
        }
        return rows;
    }

    private static String expression(Dialect dialect, Destination.Column column) {
        String name = dialect.quote(column.name());
        if (column.type().equals("boolean")) return name + "::int";
        // MySQL and MariaDB show six digits of a float, whatever it holds; as a double it shows them all
        return column.type().equals("float") ? name + " * 1e0" : name;
    }

    /** A sink whose session is prepared as an applier's is, but may stand still within a transaction, as a test does on a slow machine. */
    static Sink sink(Connection connection, Dialect dialect) throws SQLException {
        Sink sink = Sink.of(dialect);
        sink.prepare(connection);
        if (!dialect.engine().equals("postgresql")) return sink;
        try (var statement = connection.createStatement()) {
            statement.execute("set idle_in_transaction_session_timeout = 0");
        }
        return sink;
    }

    /** Equal rows, canonically: what the proof would say. */
    static List<String> canonical(Collection<Row> rows) {
        return rows.stream()
                .map(row -> RowDigest.of("t", row) + " " + row)
                .map(s -> s.substring(0, 32))
                .sorted()
                .toList();
    }

    static void execute(Endpoint endpoint, String... statements) throws SQLException {
        try (var connection = endpoint.connect();
                var statement = connection.createStatement()) {
            for (String sql : statements) statement.execute(sql);
        }
    }

    /** The one value that a query shows. */
    static String one(Endpoint endpoint, String query) throws SQLException {
        try (var connection = endpoint.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Row row(ResultSet result, Destination table) throws SQLException {
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            Value value = value(result, i + 1, table.columns().get(i));
            values.add(value == null || result.wasNull() ? Value.NULL : value);
        }
        return new Row(values);
    }

    private static @Nullable Value value(ResultSet row, int i, Destination.Column column) throws SQLException {
        return switch (column.kind()) {
            case NUMBER -> {
                BigDecimal number = row.getBigDecimal(i);
                yield number == null ? null : new Value.Exact(number);
            }
            case FLOAT -> new Value.Single(row.getFloat(i));
            case DOUBLE -> new Value.Double(row.getDouble(i));
            case TEXT, UUID, BITS, SPELLED -> text(row.getString(i));
            case PADDED_TEXT ->
                text(row.getString(i) == null ? null : row.getString(i).stripTrailing());
            case JSON -> row.getString(i) == null ? null : new Value.Json(row.getString(i));
            case BINARY, GEOMETRY -> row.getBytes(i) == null ? null : new Value.Binary(row.getBytes(i));
            case DATE -> {
                LocalDate date = row.getObject(i, LocalDate.class);
                yield date == null ? null : new Value.Date(date.toEpochDay());
            }
            case TIME -> time(row.getString(i));
            case LOCAL_TIMESTAMP -> {
                LocalDateTime timestamp = row.getObject(i, LocalDateTime.class);
                yield timestamp == null ? null : new Value.LocalTimestamp(Texts.micros(timestamp));
            }
            case INSTANT -> {
                OffsetDateTime instant = row.getObject(i, OffsetDateTime.class);
                yield instant == null
                        ? null
                        : new Value.Instant(Texts.micros(instant.withOffsetSameInstant(java.time.ZoneOffset.UTC)
                                .toLocalDateTime()));
            }
        };
    }

    private static @Nullable Value text(@Nullable String text) {
        return text == null ? null : new Value.Text(text);
    }

    private static @Nullable Value time(@Nullable String text) {
        if (text == null) return null;
        String[] parts = text.replace("-", "").split("[:.]", -1);
        String fraction = parts.length > 3 ? (parts[3] + "000000").substring(0, 6) : "0";
        long micros =
                ((Long.parseLong(parts[0]) * 60 + Long.parseLong(parts[1])) * 60 + Long.parseLong(parts[2])) * 1_000_000
                        + Long.parseLong(fraction);
        return new Value.Time(text.startsWith("-") ? -micros : micros);
    }
}
