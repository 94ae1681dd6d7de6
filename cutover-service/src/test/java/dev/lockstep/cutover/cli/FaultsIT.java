package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Status;
import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows of the target come to differ in every way that a hand, a column type or a collation makes them differ: each is named, and no
 * other row, though others look different and are the same. Then all are set right and nothing is left.
 */
class FaultsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(100);
    private static final int ROWS = 30;

    private static final List<String> FAULTS = List.of(
            "update shop.thing set a = 'by hand' where id = 1",
            "delete from shop.thing where id = 2",
            "update shop.thing set big = left(big, 100) where id = 3",
            "update shop.thing set price = round(price, 2) where id = 4",
            "update shop.thing set at = '2024-01-02 03:04:05.123' where id = 5",
            "update shop.thing set c = 'cafÃ©' where id = 6",
            "update shop.thing set a = 'one ' where id = 7",
            "update shop.thing set note = null where id = 8",
            "update shop.thing set ratio = '-0' where id = 9",
            "update shop.thing set a = 'two', b = 'one' where id = 10",
            "update shop.thing set code = case id when 11 then 'code 12' else 'code 11' end where id in (11, 12)",
            "update shop.thing set a = 'x', b = 'y,z' where id = 13",
            "update shop.thing set big = concat(left(big, 9000), 'y') where id = 14",
            "update shop.thing set a = 'ONE' where id = 15",
            "update shop.thing set c = 'cafe' where id = 16",
            "insert into shop.thing (id, a) values (99, 'one')");

    private static final Set<String> NAMED = new TreeSet<>(Set.of(
            "(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)", "(11)", "(12)", "(13)", "(14)",
            "(15)", "(16)", "(99)"));

    private static final List<String> HARMLESS = List.of(
            "update shop.thing set doc = '{\"b\": [1, 2],   \"a\": 1.0}' where id = 21",
            "update shop.thing set price = 1.234500 where id = 22",
            "update shop.thing set pad = 'ab        ' where id = 24",
            "update shop.thing set at = '2024-01-02 03:04:05.123456000' where id = 25");

    @TempDir
    Path directory;

    @Test
    void areNamedFromPostgresToMariaDb() throws Exception {
        try (EmbeddedPostgres source = EmbeddedPostgres.start(directory.resolve("s"), 17, "127.0.0.1");
                EmbeddedMariaDb target = EmbeddedMariaDb.start(directory.resolve("t"), "127.0.0.1")) {
            source.createDatabase("shop");
            target.createDatabase("shop");
            prove(source.url("shop"), source.user(), target.url("shop"), target.user());
        }
    }

    @Test
    void areNamedFromMariaDbToPostgres() throws Exception {
        try (EmbeddedMariaDb source = EmbeddedMariaDb.start(directory.resolve("s"), "127.0.0.1");
                EmbeddedPostgres target = EmbeddedPostgres.start(directory.resolve("t"), 17, "127.0.0.1")) {
            source.createDatabase("shop");
            target.createDatabase("shop");
            prove(source.url("shop"), source.user(), target.url("shop"), target.user());
        }
    }

    private void prove(String source, String sourceUser, String target, String targetUser) throws Exception {
        Path file = Files.writeString(directory.resolve("m.yaml"), """
                migration: faults
                state: %s
                source: {url: "%s", user: %s}
                target: {url: "%s", user: %s}
                tables: {include: ["shop.*"]}
                cutover: {guardTarget: false}
                """.formatted(
                        directory.resolve("state"), source, sourceUser, target, targetUser));
        Migration migration = MigrationFile.load(file);
        for (Endpoint side : List.of(migration.source(), migration.target())) create(side);
        fill(migration.source(), ROWS);
        try (RunProcess run = RunProcess.start(file, migration, directory.resolve("output.txt"))) {
            run.await("the copy is proven", PATIENCE, status -> isEqual(status, ROWS));

            execute(migration.target(), HARMLESS);
            changeOneRowThousandsOfTimes(migration.source());
            execute(migration.target(), FAULTS);
            run.await(
                    "just these rows are named",
                    PATIENCE,
                    status -> named(status).equals(NAMED));

            // not the row that may still be on its way
            execute(migration.target(), List.of("delete from shop.thing where id <> " + ROWS));
            fill(migration.target(), ROWS - 1);
            execute(migration.source(), List.of("update shop.thing set n = 1 where id = 30"));
            run.await("all are the same again", PATIENCE, status -> isEqual(status, ROWS));
        }
    }

    private static void create(Endpoint side) throws SQLException {
        boolean postgres = side.dialect().engine().equals("postgresql");
        if (postgres) execute(side, List.of("create schema shop"));
        String types = postgres
                ? "big text, ratio double precision, doc jsonb, flag boolean"
                : "big longtext, ratio double, doc json, flag tinyint(1)";
        String options = postgres ? "" : " character set utf8mb4 collate utf8mb4_general_ci";
        execute(
                side,
                List.of("create table shop.thing (id int primary key, a varchar(40), b varchar(40), c varchar(40),"
                        + " code varchar(40), note varchar(40), n int, price decimal(10, 4), pad char(10), "
                        + (postgres ? "at timestamp(6), " : "at datetime(6), ") + types + ")" + options));
        if (postgres) execute(side, List.of("alter table shop.thing replica identity full"));
    }

    private static void fill(Endpoint side, int rows) throws SQLException {
        try (Connection connection = side.connectWriter();
                var insert = connection.prepareStatement("insert into shop.thing"
                        + " (id, a, b, c, code, note, n, price, pad, at, big, ratio, doc, flag) values"
                        + " (?, ?, ?, 'café', ?, '', 0, 1.2345, 'ab', '2024-01-02 03:04:05.123456', repeat('x', 9001), 0,"
                        + " '{\"a\": 1, \"b\": [1, 2]}', true)")) {
            for (int id = 1; id <= rows; id++) {
                insert.setInt(1, id);
                insert.setString(2, id == 13 ? "x,y" : "one");
                insert.setString(3, id == 13 ? "z" : "two");
                insert.setString(4, "code " + id);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void changeOneRowThousandsOfTimes(Endpoint source) throws SQLException {
        try (Connection connection = source.connectWriter();
                var update = connection.prepareStatement("update shop.thing set n = ? where id = 30")) {
            connection.setAutoCommit(false);
            for (int i = 2000; i >= 0; i--) {
                update.setInt(1, i);
                update.executeUpdate();
                if (i % 100 == 0) connection.commit();
            }
        }
    }

    private static Set<String> named(Status status) {
        Set<String> keys = new TreeSet<>();
        for (Status.MismatchStatus row : status.mismatches()) keys.add(row.key());
        return keys;
    }

    private static boolean isEqual(Status status, long rows) {
        return status.mismatches().isEmpty()
                && status.proof().tables().stream().anyMatch(table -> table.equal() && table.rowsSource() == rows);
    }

    private static void execute(Endpoint side, List<String> lines) throws SQLException {
        try (Connection connection = side.connectWriter();
                var statement = connection.createStatement()) {
            for (String line : lines) statement.execute(line);
        }
    }
}
