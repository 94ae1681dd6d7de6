package dev.lockstep.schemas.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Texts;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.testing.TestMySql;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A row of every kind, and one of NULLs, read from each engine. */
class RowReaderIT {

    private static final long STAMP = Texts.micros(LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_000));

    @TempDir
    Path directory;

    @Test
    void readsPostgreSqlExactly() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, 16, "127.0.0.1")) {
            postgres.createDatabase("shop");
            Endpoint database = new Endpoint(postgres.url("shop"), postgres.user(), null);
            execute(
                    database,
                    "create schema shop",
                    "create table shop.t (id bigint primary key, flag boolean, n numeric, f real, d double precision,"
                            + " txt text, pad char(5), bin bytea, dt date, tm time, ts timestamp, tz timestamptz, js jsonb, u uuid)",
                    "insert into shop.t values (1, true, 1.50, '-0', 1e-300, E'drei \\U0001F680', 'ab', '\\x00ff', '1969-12-31',"
                            + " '23:59:59.999999', '1969-12-31 23:59:59.999999', '1970-01-01 00:59:59.999999+01', '{\"a\": 1}',"
                            + " '00000000-0000-0000-0000-000000000001')",
                    "insert into shop.t (id) values (2)");

            List<Row> rows = read(database);

            assertThat(rows.get(0).values())
                    .containsExactly(
                            new Value.Whole(1),
                            Value.of(true),
                            new Value.Exact(new BigDecimal("1.50")),
                            new Value.Single(-0f),
                            new Value.Double(1e-300),
                            new Value.Text("drei \uD83D\uDE80"),
                            new Value.Text("ab"),
                            new Value.Binary(new byte[] {0, -1}),
                            new Value.Date(-1),
                            new Value.Time(86_399_999_999L),
                            new Value.LocalTimestamp(STAMP),
                            new Value.Instant(STAMP),
                            new Value.Json("{\"a\": 1}"),
                            new Value.Text("00000000-0000-0000-0000-000000000001"));
            assertThat(rows.get(1).values()).startsWith(new Value.Whole(2));
            assertThat(rows.get(1).values().subList(1, 14)).containsOnly(Value.NULL);
        }
    }

    @Test
    void readsMariaDbExactly() throws Exception {
        try (EmbeddedMariaDb mariaDb = EmbeddedMariaDb.start(directory, "127.0.0.1")) {
            mariaDb.createDatabase("shop");
            readsMySqlFamilyExactly(new Endpoint(mariaDb.url("shop"), mariaDb.user(), null));
        }
    }

    @Test
    void readsMySqlExactly() throws Exception {
        readsMySqlFamilyExactly(TestMySql.database("shop", directory));
    }

    private static void readsMySqlFamilyExactly(Endpoint database) throws SQLException {
        execute(
                database,
                "create table t (id bigint unsigned primary key, flag tinyint(1), n decimal(10,2), f float, d double, txt text, pad char(5),"
                        + " bin varbinary(9), dt date, tm time(6), ts datetime(6), tz timestamp(6) null, js json, y year)",
                "insert into t values (18446744073709551615, 2, 1.50, 16777217.1, 1e-300, 'drei \uD83D\uDE80', 'ab', x'00ff', '1969-12-31',"
                        + " '-838:59:58.999999', '1969-12-31 23:59:59.999999', '2021-03-28 02:30:00.5', '{\"a\": 1}', 2021)",
                "insert into t (id, f) values (1, -0e0)");

        List<Row> rows = read(database);

        assertThat(rows.get(0).values()).startsWith(new Value.Exact(BigDecimal.ONE));
        assertThat(rows.get(0).get(3)).isEqualTo(new Value.Single(-0f));
        assertThat(rows.get(0).values().subList(4, 14)).containsOnly(Value.NULL);
        assertThat(rows.get(1).values())
                .containsExactly(
                        new Value.Exact(new BigDecimal("18446744073709551615")),
                        new Value.Whole(2),
                        new Value.Exact(new BigDecimal("1.50")),
                        new Value.Single(16777217.1f),
                        new Value.Double(1e-300),
                        new Value.Text("drei \uD83D\uDE80"),
                        new Value.Text("ab"),
                        new Value.Binary(new byte[] {0, -1}),
                        new Value.Date(-1),
                        new Value.Time(-((838 * 3600L + 59 * 60 + 58) * 1_000_000 + 999_999)),
                        new Value.LocalTimestamp(STAMP),
                        new Value.Instant(Texts.micros(LocalDateTime.of(2021, 3, 28, 2, 30, 0, 500_000_000))),
                        new Value.Json("{\"a\": 1}"),
                        new Value.Whole(2021));

        execute(database, "set sql_mode = ''", "insert into t (id, dt) values (2, '0000-00-00')");
        assertThat(read(database).get(1).get(8)).isEqualTo(new Value.Text("0000-00-00"));
    }

    private static void execute(Endpoint database, String... lines) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            for (String line : lines) statement.execute(line);
        }
    }

    private static List<Row> read(Endpoint database) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            Table table = database.dialect().readTables(connection).stream()
                    .filter(t -> t.id().toString().equals("shop.t"))
                    .findFirst()
                    .orElseThrow();
            List<ColumnMapping> columns = table.columns().stream()
                    .map(c -> new ColumnMapping(c.name(), java.util.Objects.requireNonNull(c.kind()), c.type(), "", ""))
                    .toList();
            List<Integer> key = IntStream.of(0).boxed().toList();
            RowReader reader =
                    RowReader.ofSource(database.dialect(), new TableMapping(table.id(), table.id(), columns, key, 0));
            try (var result = statement.executeQuery("select " + reader.selectList() + " from "
                    + database.dialect().quote(table.id()) + " order by id")) {
                while (result.next()) rows.add(reader.read(result));
            }
        }
        return rows;
    }
}
