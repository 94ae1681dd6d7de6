package dev.lockstep.stream.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.KeyRange;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.schemas.testing.TestMySql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both databases are read themselves: every row that differs is named, and no row that is merely on its way. */
class ScanIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROWS = 120_000;
    private static final String AT_LEISURE = "{every: 0s}";

    @TempDir
    static Path directory;

    private static EmbeddedKafka kafka;
    private static EmbeddedPostgres postgres;
    private static EmbeddedMariaDb mariaDb;
    private static EmbeddedMariaDb otherMariaDb;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 17, "127.0.0.1");
        mariaDb = EmbeddedMariaDb.start(directory.resolve("mariadb"), "127.0.0.1");
        otherMariaDb = EmbeddedMariaDb.start(directory.resolve("other"), "127.0.0.1");
    }

    @AfterAll
    static void stop() {
        otherMariaDb.close();
        mariaDb.close();
        postgres.close();
        kafka.close();
    }

    private static Endpoint onPostgres(String name) throws SQLException {
        postgres.createDatabase(name);
        return new Endpoint(postgres.url(name), postgres.user(), null);
    }

    private static Endpoint onMariaDb(EmbeddedMariaDb server, String name) throws SQLException {
        server.createDatabase(name);
        Endpoint database = new Endpoint(server.url(name), server.user(), null);
        Twin.aside(database, "drop database if exists lockstep");
        return database;
    }

    @Test
    void fromPostgresToPostgresOnlyWhatDiffersLeavesTheServers() throws Exception {
        findsAll("pg-pg", onPostgres("pg_source"), onPostgres("pg_target"), 0.2);
    }

    @Test
    void fromMariaDbToMariaDbOnlyWhatDiffersLeavesTheServers() throws Exception {
        findsAll("maria-maria", onMariaDb(mariaDb, "maria_source"), onMariaDb(otherMariaDb, "maria_target"), 0.2);
    }

    @Test
    void fromMariaDbToPostgres() throws Exception {
        findsAll("maria-pg", onMariaDb(mariaDb, "cross_source"), onPostgres("cross_target"), 2.1);
    }

    @Test
    void postgresSumsUpDifferentRowsDifferently() throws Exception {
        sumsDiffer(
                onPostgres("summed"),
                "timestamptz(3)",
                "bytea",
                "'\\\\x6100'",
                "jsonb, h bit(1), i money, j interval, k json, l inet, m int4range, n int[], o uuid, p real, q point");
    }

    @Test
    void mariaDbSumsUpDifferentRowsDifferently() throws Exception {
        sumsDiffer(onMariaDb(mariaDb, "summed"), "timestamp(3) null", "varbinary(20)", "x'6100'", "varchar(90)");
    }

    @Test
    void mySqlSumsUpDifferentRowsDifferently() throws Exception {
        sumsDiffer(TestMySql.database("summed", directory), "timestamp(3) null", "varbinary(20)", "x'6100'", "json");
    }

    /** Each change is one that some weaker sum does not see. */
    private static void sumsDiffer(Endpoint side, String moment, String binary, String octets, String json)
            throws Exception {
        String none = Items.isPostgres(side) ? "" : " collate utf8mb4_bin";
        Twin.aside(
                side,
                "create table item (id int primary key, a varchar(60)" + none
                        + ", b varchar(60), c decimal(9, 2), d double precision, e " + moment + ", f " + binary + ", g "
                        + json + ")",
                "insert into item values (1, 'x,y', 'z', 1.5, 0.1, '2026-01-01 00:00:00.5', " + octets + ", '{}'),"
                        + " (2, 'one', 'two', 2, 0, '2026-01-01 00:00:00', null, null),"
                        + " (3, 'two', null, null, 1, null, " + octets
                        + ", '[1]'), (4, '', '', 0, 0, null, null, null)");
        List<String> changes = List.of(
                "a = 'x', b = 'y,z' where id = 1",
                "a = 'X,y' where id = 1",
                "a = 'x,y ' where id = 1",
                "a = case id when 2 then 'two' else 'one' end where id in (2, 3)",
                "a = b, b = a where id = 2",
                "b = null where id = 4",
                "b = '' where id = 3",
                "c = 1.51 where id = 1",
                "c = null, b = '0' where id = 4",
                "d = 0.10000000000000002 where id = 1",
                "d = d * -1 where id = 2",
                "e = '2026-01-01 00:00:00.501' where id = 1",
                "f = null where id = 3",
                "g = '[2]' where id = 3",
                "id = 5 where id = 4");
        TableMapping table = Items.mapping(side, side);
        SideTable item = new SideTable(Twin.migration("summed", directory, side, side, "{}"), Side.SOURCE, table);
        try (Connection connection = side.connect()) {
            connection.setAutoCommit(false);
            InDatabase.Sum whole = item.sum(connection, KeyRange.ALL);
            assertThat(whole.rows()).isEqualTo(4);
            assertThat(item.sum(connection, KeyRange.ALL)).isEqualTo(whole);
            for (String change : changes) {
                connection.createStatement().execute("update item set " + change);
                assertThat(sum(item, connection)).as(change).isNotEqualTo(whole);
                connection.rollback();
            }
        }
    }

    /** Without the commit that ends the reading. */
    private static InDatabase.Sum sum(SideTable item, Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(item.sumQuery(KeyRange.ALL))) {
            row.next();
            return InDatabase.Sum.read(row);
        }
    }

    /** @param leaving share of the rows that may leave the servers */
    private void findsAll(String name, Endpoint source, Endpoint target, double leaving) throws Exception {
        for (Endpoint side : List.of(source, target)) {
            Twin.aside(side, Items.items(side));
            Items.fill(side, ROWS);
        }
        Twin.aside(source, "create index by_name on item (name, price)");
        Twin.aside(
                target,
                "create table price (price decimal(10, 2) primary key)",
                "insert into price select distinct price from item union select 0 union select 1 union select price + 0.01 from item",
                Items.isPostgres(target)
                        ? "alter table item alter price set not null, alter price set default 0"
                        : "alter table item modify price decimal(10, 2) not null default 0",
                "alter table item add constraint listed foreign key (price) references price (price)",
                "update item set name = 'other' where id = 77",
                "update item set price = price + 0.01 where id = 60007",
                "update item set name = '' where id = 119999",
                "delete from item where id in (3, 50000, 50001)",
                "insert into item values (-5, 'extra', 1, null), (500000, 'extra', 1, null)");
        Twin.aside(source, "update item set name = null where id = 119999", "delete from item where id = 90000");
        try (Twin twin = new Twin(kafka.bootstrap(), name, directory, source, target, AT_LEISURE);
                Scanner scanner = scanner(twin)) {
            ScanView view = scanned(scanner);

            assertThat(found(view))
                    .isEqualTo(new TreeMap<>(Map.of(
                            "(77)", "DIFFERS [name]",
                            "(60007)", "DIFFERS [price]",
                            "(119999)", "DIFFERS [name]",
                            "(3)", "MISSING []",
                            "(50000)", "MISSING []",
                            "(50001)", "MISSING []",
                            "(-5)", "UNEXPECTED []",
                            "(500000)", "UNEXPECTED []",
                            "(90000)", "UNEXPECTED []")));
            Pass pass = view.passes().get(0);
            assertThat(pass.rowsSource()).isEqualTo(ROWS - 1);
            assertThat(pass.rowsTarget()).isEqualTo(ROWS - 3 + 2);
            assertThat((double) pass.rowsRead() / ROWS).isLessThan(leaving);
            assertThat(pass.clean()).isNull();
            assertThat(pass.notes())
                    .contains(
                            "index (name, price) is on the source alone",
                            "column price may be null on the source alone",
                            "column price has a default on the target alone",
                            "foreign key (price) to price is on the target alone")
                    .noneMatch(note -> note.contains("id") || note.contains("seen"));

            Twin.aside(target, "update item set name = 'n77' where id = 77", "delete from item where id = -5");
            Twin.aside(source, "update item set name = '' where id = 119999");
            assertThat(found(scannedAgain(scanner)).keySet())
                    .containsExactlyInAnyOrder("(60007)", "(3)", "(50000)", "(50001)", "(500000)", "(90000)");
        }
        try (Twin twin = new Twin(kafka.bootstrap(), name, directory, source, target, AT_LEISURE);
                Scanner scanner = scanner(twin)) {
            assertThat(found(scanner.view())).as("kept over a restart").hasSize(6);
        }
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aRowThatKeepsChangingIsFollowedAndNotReported(Direction direction) throws Exception {
        String way = direction.name().toLowerCase(Locale.ROOT);
        Endpoint source = onMariaDb(mariaDb, "busy_source_" + way);
        Endpoint target = onPostgres("busy_target_" + way);
        for (Endpoint side : List.of(source, target)) {
            Twin.aside(side, Items.items(side));
            Items.fill(side, 300);
        }
        Twin.aside(target, "update item set price = price + 1 where id = 13");
        try (Twin twin = new Twin(kafka.bootstrap(), "busy-" + way, directory, source, target, AT_LEISURE, direction);
                Busy busy = new Busy(twin);
                Scanner scanner = scanner(twin)) {
            for (int pass = 0; pass < 12; pass++) {
                ScanView view = pass == 0 ? scanned(scanner) : scannedAgain(scanner);
                assertThat(found(view)).as("pass " + pass).isEqualTo(Map.of("(13)", "DIFFERS [price]"));
                assertThat(view.passes().get(0).rowsReread()).isGreaterThan(1);
            }
            assertThat(busy.changes).isGreaterThan(100);
        }
    }

    /** Row 100 changes all the while, others now and then; row 13 never does. */
    private static final class Busy implements AutoCloseable {

        private final Thread thread;
        private volatile boolean closed;
        volatile int changes;

        Busy(Twin twin) {
            thread = new Thread(() -> run(twin), "busy");
            thread.start();
        }

        private void run(Twin twin) {
            Random random = new Random(5);
            try {
                for (int i = 0; !closed; i++) {
                    int id = i % 5 == 0 ? 100 : 101 + random.nextInt(199);
                    change(twin, id, i);
                    changes = i;
                    Thread.sleep(2);
                }
            } catch (SQLException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void change(Twin twin, int id, int i) throws SQLException {
            RowKey key = new RowKey(twin.migration.source().database() + ".item", List.of(new Value.Whole(id)));
            twin.change(
                    key,
                    i % 70 == 69
                            ? "delete from item where id = " + id
                            : "update item set name = 'v" + i + "' where id = " + id);
        }

        @Override
        public void close() throws InterruptedException {
            closed = true;
            thread.join();
        }
    }

    @Test
    void textKeysThatTheEnginesSortDifferentlyAreComparedByTheirOctets() throws Exception {
        Endpoint source = onPostgres("text_source");
        Endpoint target = onMariaDb(mariaDb, "text_target");
        Twin.aside(source, "create table item (id varchar(40) primary key, name varchar(40))");
        Twin.aside(
                target,
                "create table item (id varchar(40) character set utf8mb4 collate utf8mb4_nopad_bin primary key, name varchar(40))");
        for (Endpoint side : List.of(source, target)) {
            List<String> rows = new ArrayList<>();
            for (int i = 0; i < 20_000; i++)
                rows.add("('" + (i % 2 == 0 ? "Ä" : "b") + (char) ('A' + i % 26) + i + "', 'n" + i + "')");
            Items.insert(side, rows);
        }
        Twin.aside(source, "insert into item values ('key', 'x'), ('Key', 'x')");
        Twin.aside(
                target, "insert into item values ('key ', 'x'), ('Key', 'X')", "delete from item where name = 'n500'");
        try (Twin twin = new Twin(kafka.bootstrap(), "text", directory, source, target, AT_LEISURE);
                Scanner scanner = scanner(twin)) {
            assertThat(found(scanned(scanner)))
                    .containsEntry("(Key)", "DIFFERS [name]")
                    .containsEntry("(key)", "MISSING []")
                    .containsEntry("(key )", "UNEXPECTED []")
                    .hasSize(4);
        }
    }

    @Test
    void goesOnWhereAnEarlierProcessWasEnded() throws Exception {
        Endpoint source = onPostgres("resumed_source");
        Endpoint target = onPostgres("resumed_target");
        for (Endpoint side : List.of(source, target)) {
            Twin.aside(side, Items.items(side));
            Items.fill(side, 40_000);
        }
        Twin.aside(target, "delete from item where id in (1, 39999)");
        Pass cut;
        try (Twin twin =
                new Twin(kafka.bootstrap(), "resumed", directory, source, target, "{maxRowsPerSecond: 2000}")) {
            try (Scanner scanner = scanner(twin)) {
                await().atMost(PATIENCE).until(() -> !found(scanner.view()).isEmpty());
                cut = scanner.view().passes().get(0);
                assertThat(cut.done()).isFalse();
            }
        }
        try (Twin twin = new Twin(kafka.bootstrap(), "resumed", directory, source, target, AT_LEISURE);
                Scanner scanner = scanner(twin)) {
            ScanView view = scanned(scanner);
            assertThat(found(view).keySet()).containsExactly("(1)", "(39999)");
            Pass pass = view.passes().get(0);
            assertThat(pass.started()).isEqualTo(cut.started());
            assertThat(pass.rowsSource()).isEqualTo(40_000);
        }
    }

    private static Scanner scanner(Twin twin) throws SQLException {
        Scanner scanner = Scanner.start(
                twin.migration,
                kafka.bootstrap(),
                twin.topics,
                List.of(Items.mapping(twin.migration.source(), twin.migration.target())),
                Clock.systemUTC());
        scanner.follow(twin.direction);
        return scanner;
    }

    private static ScanView scanned(Scanner scanner) {
        await().atMost(PATIENCE).until(() -> {
            ScanView view = scanner.view();
            return view.passes().size() == 1 && view.passes().get(0).done();
        });
        return scanner.view();
    }

    private static ScanView scannedAgain(Scanner scanner) {
        var before = scanner.view().passes().get(0).started();
        scanner.ask(List.of(), null);
        await().atMost(PATIENCE).until(() -> {
            Pass pass = scanner.view().passes().get(0);
            return pass.done() && pass.started().isAfter(before);
        });
        return scanner.view();
    }

    private static Map<String, String> found(ScanView view) {
        Map<String, String> found = new TreeMap<>();
        for (Difference difference : view.differences())
            found.put(difference.key().display(), difference.kind() + " " + difference.columns());
        return found;
    }
}
