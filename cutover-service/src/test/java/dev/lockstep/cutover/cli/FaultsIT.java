package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows of the target come to differ in every way that a hand, a column type or a collation makes them differ: each is named, and no
 * other row, though others look different and are the same. Then all are set right and nothing is left.
 */
class FaultsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
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
            "insert into shop.thing (id, a) values (99, 'one')",
            "update shop.tag set name = 'blank ' where name = 'blank'",
            "update shop.tag set name = 'CASE' where name = 'case'",
            "update shop.tag set name = 'resume' where name = 'résumé'");

    private static final Set<String> NAMED = new TreeSet<>(Set.of(
            "(1)",
            "(2)",
            "(3)",
            "(4)",
            "(5)",
            "(6)",
            "(7)",
            "(8)",
            "(9)",
            "(10)",
            "(11)",
            "(12)",
            "(13)",
            "(14)",
            "(15)",
            "(16)",
            "(17)",
            "(99)",
            "(blank)",
            "(blank )",
            "(case)",
            "(CASE)",
            "(résumé)",
            "(resume)",
            "(1002)",
            "(1003)",
            "(1004)"));

    /** Of a table whose columns are narrower on the target: no value is fitted in. The last is one that only a target's charset refuses. */
    private static final List<String> TOO_FINE = List.of(
            "insert into shop.narrow values (1001, 1.2300, '2024-01-02 03:04:05.123000', 'fives', 'café')",
            "insert into shop.narrow values (1002, 1.2301, '2024-01-02 03:04:05.123000', 'fives', 'café')",
            "insert into shop.narrow values (1003, 1.2300, '2024-01-02 03:04:05.123400', 'fives', 'café')",
            "insert into shop.narrow values (1004, 1.2300, '2024-01-02 03:04:05.123000', 'sixsix', 'café')",
            "insert into shop.narrow values (1005, 1.2300, '2024-01-02 03:04:05.123000', 'fives', 'žluť')");

    /** What the applier writes is not what the target then holds. */
    private static final List<String> MARIADB_TRIGGER =
            List.of("create trigger shop.meddle before update on shop.thing for each row"
                    + " set new.note = if(new.id = 17, 'by trigger', new.note)");

    private static final List<String> POSTGRES_TRIGGER = List.of(
            "create function shop.meddle() returns trigger language plpgsql as"
                    + " $$ begin if new.id = 17 then new.note := 'by trigger'; end if; return new; end $$",
            "create trigger meddle before insert or update on shop.thing for each row execute function shop.meddle()",
            "alter table shop.thing enable always trigger meddle");

    private static final List<String> HARMLESS = List.of(
            "update shop.thing set doc = '{\"b\": [1, 2],   \"a\": 1.0}' where id = 21",
            "update shop.thing set price = 1.234500 where id = 22",
            "update shop.thing set pad = 'ab        ' where id = 24",
            "update shop.thing set at = '2024-01-02 03:04:05.123456000' where id = 25",
            "update shop.thing set amount = 1.50 where id = 26");

    /** Everywhere the same, whatever the server's zone. */
    private static final Map<Boolean, String> MOMENT =
            Map.of(true, "to_timestamp(1704164645.123456)", false, "from_unixtime(1704164645.123456)");

    @TempDir
    static Path directory;

    private static EmbeddedPostgres postgres;
    private static EmbeddedMariaDb mariaDb;

    @BeforeAll
    static void start() {
        postgres = EmbeddedPostgres.start(directory.resolve("p"), 17, "127.0.0.1");
        mariaDb = EmbeddedMariaDb.start(directory.resolve("m"), "127.0.0.1");
    }

    @AfterAll
    static void stop() {
        mariaDb.close();
        postgres.close();
    }

    @Test
    void areNamedFromPostgresToMariaDb() throws Exception {
        postgres.createDatabase("one");
        mariaDb.createDatabase("shop");
        prove("one", postgres.url("one"), postgres.user(), mariaDb.url("shop"), mariaDb.user());
    }

    @Test
    void areNamedFromMariaDbToPostgres() throws Exception {
        postgres.createDatabase("two");
        mariaDb.createDatabase("shop");
        prove("two", mariaDb.url("shop"), mariaDb.user(), postgres.url("two"), postgres.user());
    }

    private static void prove(String name, String source, String sourceUser, String target, String targetUser)
            throws Exception {
        Path file = Files.writeString(directory.resolve(name + ".yaml"), """
                migration: faults-%s
                state: %s
                source: {url: "%s", user: %s}
                target: {url: "%s", user: %s}
                tables: {include: ["shop.*"]}
                apply: {refusedRows: quarantine}
                cutover: {guardTarget: false}
                """.formatted(
                        name, directory.resolve(name), source, sourceUser, target, targetUser));
        Migration migration = MigrationFile.load(file);
        create(migration.source(), 1, "4), at %s(6), label varchar(40), word varchar(40))");
        create(migration.target(), 2, "2), at %s(3), label varchar(5), word varchar(40) character set latin1)");
        fill(migration.source(), ROWS);
        boolean toPostgres = isPostgres(migration.target());
        try (RunProcess run = RunProcess.start(file, migration, directory.resolve(name + ".txt"))) {
            run.await("the copy is proven", PATIENCE, status -> isEqual(status, ROWS));

            execute(migration.target(), HARMLESS);
            changeOneRowThousandsOfTimes(migration.source());
            execute(migration.target(), FAULTS);
            execute(migration.target(), toPostgres ? POSTGRES_TRIGGER : MARIADB_TRIGGER);
            execute(migration.source(), List.of("update shop.thing set n = 17 where id = 17"));
            execute(migration.source(), TOO_FINE);
            Set<String> expected = new TreeSet<>(NAMED);
            if (!toPostgres) expected.add("(1005)");
            Status faulty = run.await(
                    "just these rows are named",
                    PATIENCE,
                    now -> named(now).equals(expected) && now.deadLetters().open() == (toPostgres ? 3 : 4));
            assertThat(faulty.mismatches())
                    .filteredOn(row -> row.table().equals("shop.narrow"))
                    .extracting(Status.MismatchStatus::kind)
                    .containsOnly("MISSING");

            // not the row that may still be on its way
            execute(
                    migration.target(),
                    List.of(
                            "drop trigger " + (toPostgres ? "meddle on shop.thing" : "shop.meddle"),
                            "delete from shop.tag",
                            "delete from shop.thing where id <> " + ROWS));
            fill(migration.target(), ROWS - 1);
            execute(
                    migration.source(),
                    List.of(
                            "update shop.thing set n = 1 where id in (17, 30)",
                            "delete from shop.narrow where id > 1001"));
            run.await("all are the same again", PATIENCE, status -> isEqual(status, ROWS));
        } finally {
            execute(
                    toPostgres ? migration.source() : migration.target(),
                    List.of("drop database shop", "drop database lockstep"));
        }
    }

    private static boolean isPostgres(Endpoint side) {
        return side.dialect().engine().equals("postgresql");
    }

    /**
     * @param scale digits in which both sides show the same amounts
     * @param narrow columns that are narrower on one side
     */
    private static void create(Endpoint side, int scale, String narrow) throws SQLException {
        boolean postgres = isPostgres(side);
        execute(
                side,
                postgres
                        ? List.of(
                                "create schema shop",
                                "alter database " + side.database() + " set timezone = 'Asia/Tokyo'")
                        : List.of("set global time_zone = '-03:30'"));
        String types = postgres
                ? "big text, ratio double precision, doc jsonb, flag boolean, moment timestamptz"
                : "big longtext, ratio double, doc json, flag tinyint(1), moment timestamp(6) null";
        String options = postgres ? "" : " character set utf8mb4 collate utf8mb4_general_ci";
        execute(
                side,
                List.of("create table shop.tag (name varchar(40)"
                        + (postgres ? "" : " character set utf8mb4 collate utf8mb4_nopad_bin")
                        + " primary key, n int)"));
        execute(
                side,
                List.of("create table shop.thing (id int primary key, a varchar(40), b varchar(40), c varchar(40),"
                        + " code varchar(40), note varchar(40), n int, price decimal(10, 4), pad char(10), "
                        + (postgres ? "at timestamp(6), " : "at datetime(6), ")
                        + "amount numeric(10, " + scale + "), " + types + ")" + options));
        String columns = narrow.formatted(postgres ? "timestamp" : "datetime");
        execute(
                side,
                List.of("create table shop.narrow (id int primary key, price numeric(10, "
                        + (postgres ? columns.replace(" character set latin1", "") : columns)));
        if (postgres)
            execute(
                    side,
                    List.of(
                            "alter table shop.thing replica identity full",
                            "alter table shop.tag replica identity full"));
    }

    private static void fill(Endpoint side, int rows) throws SQLException {
        try (Connection connection = side.connectWriter();
                var insert = connection.prepareStatement("insert into shop.thing"
                        + " (id, a, b, c, code, note, n, price, pad, at, big, ratio, doc, flag, amount, moment) values"
                        + " (?, ?, ?, 'café', ?, '', 0, 1.2345, 'ab', '2024-01-02 03:04:05.123456', repeat('x', 9001), 0,"
                        + " '{\"a\": 1, \"b\": [1, 2]}', true, 1.5, " + MOMENT.get(isPostgres(side)) + ")")) {
            for (int id = 1; id <= rows; id++) {
                insert.setInt(1, id);
                insert.setString(2, id == 13 ? "x,y" : "one");
                insert.setString(3, id == 13 ? "z" : "two");
                insert.setString(4, "code " + id);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        execute(side, List.of("insert into shop.tag values ('blank', 1), ('case', 2), ('résumé', 3), ('Case', 4)"));
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
                && status.proof().tables().size() == 3
                && status.proof().tables().stream().allMatch(table -> table.equal())
                && status.proof().tables().stream().anyMatch(table -> table.rowsSource() == rows);
    }

    private static void execute(Endpoint side, List<String> lines) throws SQLException {
        try (Connection connection = side.connectWriter();
                var statement = connection.createStatement()) {
            for (String line : lines) statement.execute(line);
        }
    }
}
