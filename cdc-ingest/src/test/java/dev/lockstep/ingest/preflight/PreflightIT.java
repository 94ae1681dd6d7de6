package dev.lockstep.ingest.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.ingest.preflight.Finding.Level;
import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.LaneRules;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.Origin;
import dev.lockstep.schemas.migration.Secret;
import dev.lockstep.schemas.migration.TableRules;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.testing.TestMySql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL source with a MariaDB target: what pairs, and each fault with its name and remedy. */
class PreflightIT {

    @TempDir
    static Path directory;

    private static EmbeddedPostgres postgres;
    private static EmbeddedMariaDb mariaDb;
    private static Endpoint source;
    private static Endpoint target;

    @BeforeAll
    static void start() throws SQLException {
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 16, "127.0.0.1");
        postgres.createDatabase("shop");
        source = new Endpoint(postgres.url("shop"), "postgres", null);
        mariaDb = EmbeddedMariaDb.start(directory.resolve("mariadb"), "127.0.0.1");
        mariaDb.createDatabase("shop");
        target = new Endpoint(mariaDb.url("shop"), "root", null);
        execute(
                source,
                "create schema shop",
                "create table shop.good (id bigint primary key, ok boolean, price numeric(10,2), doc jsonb, at timestamptz)",
                "alter table shop.good replica identity full",
                "create table shop.large (id int primary key, note text) partition by range (id)",
                "create table shop.\"large 1\" partition of shop.large for values from (0) to (9)",
                "create table shop.short (id int primary key, note varchar(99))",
                "create table shop.keyless (id int)",
                "create table shop.absent (id int primary key)",
                "create table shop.odd (id int primary key, place point, happened timestamptz)");
        execute(
                target,
                "create table good (id bigint primary key, ok tinyint(1), price decimal(10,2), doc json, at timestamp(6))",
                "create table large (id int primary key, note text)",
                "create table short (id int primary key, note varchar(99))",
                "create table keyless (id int)",
                "create table odd (id int primary key, place point, happened datetime(6))");
    }

    @AfterAll
    static void stop() {
        mariaDb.close();
        postgres.close();
    }

    @Test
    void pairsColumnsAcrossEngines() {
        PreflightReport report = check(source, target, "shop.good");

        assertThat(report.describe(Level.FAIL)).isEmpty();
        assertThat(report.passed()).isTrue();
        assertThat(report.tables())
                .singleElement()
                .satisfies(table -> assertThat(table.columns())
                        .extracting("kind")
                        .containsExactly(Kind.NUMBER, Kind.NUMBER, Kind.NUMBER, Kind.JSON, Kind.INSTANT));
    }

    @Test
    void namesTablesAndColumnsThatDoNotPair() {
        assertFails(check(source, target, "shop.keyless"), "shop.keyless", "no primary key", "add primary key");
        assertFails(check(source, target, "shop.absent"), "no table shop.absent", "create it there");
        assertFails(check(source, target, "shop.odd"), "shop.odd.place", "point", "shop.odd.happened", "without loss");
        assertFails(check(source, target, "nothing.*"), "matches no table");
    }

    @Test
    void refusesATableWhoseLargeValuesTheLogMayLeaveOut() {
        assertFails(
                check(source, target, "shop.large"),
                "leave values out of the log",
                "alter table shop.\"large 1\" replica identity full");
        assertThat(check(source, target, "shop.short").describe(Level.FAIL)).isEmpty();
    }

    @Test
    void saysWhyADatabaseDoesNotLetUsIn() throws Exception {
        Endpoint nobody = new Endpoint("jdbc:postgresql://127.0.0.1:1/shop", "lockstep", null);
        assertFails(check(nobody, target, "*"), "source: cannot reach 127.0.0.1:1", "firewall");

        Path password = Files.writeString(directory.resolve("password"), "wrong");
        execute(target, "create or replace user shy@'127.0.0.%' identified by 'right'");
        Endpoint wrong = new Endpoint(target.url(), "shy", new Secret("${file:" + password + "}"));
        assertFails(check(source, wrong, "shop.good"), "target:", "refuses user shy", "target.password");

        Endpoint missing = new Endpoint(source.url().replace("/shop", "/none"), "postgres", null);
        assertFails(check(missing, target, "*"), "no database none", "source.url");

        Endpoint secretless = new Endpoint(source.url(), "postgres", new Secret("${env:LOCKSTEP_NO_SUCH_VARIABLE}"));
        assertFails(check(secretless, target, "*"), "LOCKSTEP_NO_SUCH_VARIABLE", "source.password");
    }

    @Test
    void refusesTheSameDatabaseTwiceByAnyName() {
        Endpoint again = new Endpoint(source.url().replace("127.0.0.1", "localhost"), "postgres", null);

        assertFails(check(source, again, "shop.good"), "is the same database as the source", "target.url");
    }

    @Test
    void refusesASourceWhoseLogDoesNotTellAll() throws SQLException {
        execute(target, "set global binlog_row_image = 'MINIMAL'");
        try {
            assertFails(
                    check(target, source, "shop.good"),
                    "binlog_row_image is 'MINIMAL'",
                    "set global binlog_row_image = 'FULL'");
        } finally {
            execute(target, "set global binlog_row_image = 'FULL'");
        }
        execute(source, "drop role if exists plain", "create role plain login", "grant all on schema shop to plain");
        Endpoint plain = new Endpoint(source.url(), "plain", null);
        assertFails(
                check(plain, target, "shop.good"), "may not read the change log", "alter role \"plain\" replication");
    }

    @Test
    void refusesPostgresTablesWhoseChangesWouldBeLostOrRefused() throws SQLException {
        execute(
                source,
                "create schema lost",
                "create unlogged table lost.fleeting (id int primary key)",
                "create table lost.parent (id int primary key)",
                "create table lost.heir () inherits (lost.parent)",
                "alter table lost.heir add primary key (id)",
                "create table lost.parts (id int primary key) partition by range (id)",
                "create table lost.part partition of lost.parts default",
                "alter table lost.part replica identity nothing");
        for (String table : List.of("fleeting", "parent", "heir", "parts"))
            execute(target, "create or replace table " + table + " (id int primary key)");
        TableRules lost = new TableRules(List.of("lost.*"), List.of(), "shop", Map.of(), Map.of());

        PreflightReport report = check(source, target, lost);

        assertFails(
                report,
                "lost.fleeting: is unlogged",
                "set logged",
                "lost.parent: shows the rows of [lost.heir]",
                "lost.parts: its replica identity leaves the key [id] out of the log");
        assertThat(report.describe(Level.FAIL)).doesNotContain("source lost.heir");
    }

    @Test
    void refusesWhatInnoDbDoesUnseenAndWhatOtherEnginesCannot() throws SQLException {
        execute(
                target,
                "create or replace table family (id int primary key)",
                "create or replace table child (id int primary key, family int, foreign key (family) references family (id) on delete cascade)",
                "create or replace table loose (id int primary key) engine = Aria");
        execute(
                source,
                "create table shop.family (id int primary key)",
                "create table shop.child (id int primary key, family int)",
                "create table shop.loose (id int primary key)");

        assertFails(
                check(
                        target,
                        source,
                        new TableRules(List.of("shop.child", "shop.loose"), List.of(), null, Map.of(), Map.of())),
                "source shop.child: foreign key",
                "references shop.family on delete CASCADE",
                "without writing it to the binlog",
                "source shop.loose: is kept by Aria");
        assertFails(
                check(
                        target,
                        source,
                        new TableRules(List.of("shop.child", "shop.family"), List.of(), null, Map.of(), Map.of()),
                        new LaneRules(List.of(List.of("shop.child"), List.of("shop.chidl")))),
                "shop.child: foreign key child_ibfk_1 ties it (lane 1) to shop.family (lane 0)",
                "put both into one group under lanes",
                "lanes.1: 'shop.chidl' matches no table");
        assertThat(check(target, source, "shop.family").passed()).isTrue();
        assertFails(
                check(source, target, "shop.child"),
                "target shop.child: foreign key",
                "the way back would miss it",
                "cutover.wayBack: false");
        execute(target, "create trigger watcher after insert on family for each row set @seen = 1");
        assertFails(check(source, target, "shop.family"), "target shop.family: triggers [watcher] fire for every row");
        execute(target, "drop trigger watcher");
    }

    @Test
    void namesTheGrantsThatAreMissing() throws SQLException {
        execute(
                target,
                "create or replace user weak@'127.0.0.%'",
                "grant select on shop.* to weak@'127.0.0.%'",
                "grant process on *.* to weak@'127.0.0.%'");
        assertFails(
                check(source, new Endpoint(target.url(), "weak", null), "shop.good"),
                "grant replication slave on *.* to `weak`",
                "grant read_only admin on *.* to `weak`",
                "grant all on lockstep.* to `weak`",
                "grant select, insert, update, delete, alter on `shop`.* to `weak`");

        execute(
                source,
                "drop role if exists reader",
                "create role reader login",
                "grant usage on schema shop to reader");
        assertFails(
                check(new Endpoint(source.url(), "reader", null), target, "shop.good"),
                "source shop.good: is owned by postgres",
                "grant postgres to reader",
                "alter role \"reader\" replication",
                "grant pg_signal_backend to \"reader\"",
                "grant set on parameter session_replication_role to \"reader\"");
    }

    @Test
    void refusesAMySqlWhoseLogHasPartsOfRows() throws Exception {
        Endpoint mysql = TestMySql.database("halves", directory);
        execute(
                mysql,
                "create table good (id int primary key)",
                "create table part (id int primary key, foreign key (id) references good (id) on delete cascade)");
        execute(
                source,
                "create schema halves",
                "create table halves.good (id int primary key)",
                "create table halves.part (id int primary key)");
        assertThat(check(mysql, source, "halves.good").describe(Level.FAIL)).isEmpty();
        String unlogged = check(mysql, source, "halves.part").describe(Level.FAIL);
        if (logsCascades(mysql)) assertThat(unlogged).isEmpty();
        else assertThat(unlogged).contains("without writing it to the binlog");
        try (var session = mysql.connect();
                var statement = session.createStatement()) {
            execute(mysql, "set global binlog_row_value_options = 'PARTIAL_JSON'");
            statement.execute("set session binlog_row_image = 'MINIMAL'");

            PreflightReport report = check(mysql, source, "halves.good");

            assertFails(report, "binlog_row_value_options is 'PARTIAL_JSON'", "has binlog_row_image MINIMAL");
            assertThat(report.findings())
                    .anySatisfy(finding -> assertThat(finding.fix())
                            .isEqualTo(new Finding.Fix("source", List.of("set global binlog_row_value_options = ''"))));
        } finally {
            execute(mysql, "set global binlog_row_value_options = ''");
        }
    }

    /** A server that does not know the setting keeps foreign keys in InnoDB alone. */
    private static boolean logsCascades(Endpoint mysql) throws SQLException {
        try (var connection = mysql.connect();
                var row = connection
                        .createStatement()
                        .executeQuery("show global variables like 'innodb_native_foreign_keys'")) {
            return row.next() && row.getString(2).equals("OFF");
        }
    }

    private static void assertFails(PreflightReport report, String... parts) {
        assertThat(report.passed()).isFalse();
        assertThat(report.describe(Level.FAIL)).contains(parts);
    }

    private static PreflightReport check(Endpoint source, Endpoint target, String include) {
        return check(source, target, new TableRules(List.of(include), List.of(), null, Map.of(), Map.of()));
    }

    private static PreflightReport check(Endpoint source, Endpoint target, TableRules tables) {
        return check(source, target, tables, LaneRules.ONE);
    }

    private static PreflightReport check(Endpoint source, Endpoint target, TableRules tables, LaneRules lanes) {
        return Preflight.check(new Migration(
                "check",
                source,
                target,
                tables,
                lanes,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Origin.NONE));
    }

    private static void execute(Endpoint database, String... lines) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            for (String line : lines) statement.execute(line);
        }
    }
}
