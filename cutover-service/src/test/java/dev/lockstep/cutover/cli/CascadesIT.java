package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.api.Status;
import dev.lockstep.ingest.preflight.Finding;
import dev.lockstep.ingest.preflight.Preflight;
import dev.lockstep.ingest.preflight.PreflightReport;
import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A source whose foreign keys delete and change rows that its log does not tell of: refused, until the remedy that the check names is
 * applied. Then nothing is left behind on the target, two levels deep, and nothing is taken for a difference.
 */
class CascadesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(200);
    private static final List<String> TABLES = List.of("shop.folder", "shop.file", "shop.note", "shop.tag");

    @TempDir
    Path directory;

    @Test
    void toPostgresWhichMadeTheCascadesItselfBefore() throws Exception {
        try (EmbeddedPostgres target = EmbeddedPostgres.start(directory.resolve("t"), 17, "127.0.0.1")) {
            target.createDatabase("shop");
            Endpoint endpoint = new Endpoint(target.url("shop"), target.user(), null);
            execute(endpoint, "create schema shop");
            carriesWhatCascadesOnceTriggersDoItInTheLog(endpoint, true);
        }
    }

    @Test
    void toMariaDb() throws Exception {
        try (EmbeddedMariaDb target = EmbeddedMariaDb.start(directory.resolve("t"), "127.0.0.1")) {
            target.createDatabase("shop");
            carriesWhatCascadesOnceTriggersDoItInTheLog(new Endpoint(target.url("shop"), target.user(), null), false);
        }
    }

    private void carriesWhatCascadesOnceTriggersDoItInTheLog(Endpoint target, boolean onTargetBefore) throws Exception {
        try (EmbeddedMariaDb source = EmbeddedMariaDb.start(directory.resolve("s"), "127.0.0.1")) {
            source.createDatabase("shop");
            Endpoint from = new Endpoint(source.url("shop"), source.user(), null);
            for (Endpoint side : List.of(from, target)) createTables(side);
            fill(from);
            if (onTargetBefore) followMakingThemOnTheTarget(from, target);
            Path file = file(from, target, "refuse");
            Migration migration = MigrationFile.load(file);

            List<String> remedies = remedies(Preflight.check(migration));
            assertThat(remedies).hasSize(9); // a trigger, a new key, the old key gone: for each of three
            execute(migration.source(), remedies.toArray(String[]::new));
            assertThat(Preflight.check(migration).describe(Finding.Level.FAIL)).isEmpty();

            try (RunProcess run = RunProcess.start(file, migration, directory.resolve("output.txt"))) {
                if (onTargetBefore) copyAnew(run, file);
                run.await("the copy is proven", PATIENCE, status -> isEqual(status, migration.source()));

                execute(migration.source(), "delete from shop.folder where id <= 10");
                execute(
                        migration.source(),
                        "set autocommit = 0",
                        "insert into shop.folder values (100)",
                        "insert into shop.file values (100, 100), (101, 11)",
                        "insert into shop.note values (100, 100), (101, 101)",
                        "delete from shop.folder where id in (11, 100)",
                        "insert into shop.folder values (100)",
                        "insert into shop.file values (100, 100)",
                        "commit");

                assertThat(TableRows.count(migration.source(), "shop.file")).isEqualTo(19 * 3 - 11 * 3 + 1);
                assertThat(TableRows.count(migration.source(), "shop.tag where folder is null"))
                        .isEqualTo(11);
                Status status = run.await("what cascaded is proven", PATIENCE, s -> isEqual(s, migration.source()));
                assertThat(status.proof().mismatches()).isZero();
                for (String table : TABLES)
                    assertThat(TableRows.of(migration.target(), table))
                            .isEqualTo(TableRows.of(migration.source(), table));
                if (target.dialect().engine().equals("mariadb")) scanFindsWhatNoLogTells(run, file, migration);
            }
        }
    }

    /** Until it is killed, with deletes that cascaded on the source still on their way. */
    private void followMakingThemOnTheTarget(Endpoint source, Endpoint target) throws Exception {
        Path file = file(source, target, "target");
        try (RunProcess run = RunProcess.start(file, MigrationFile.load(file), directory.resolve("output.txt"))) {
            run.await(
                    "the parent alone is proven",
                    PATIENCE,
                    status -> status.proof().byScan().size() == 3
                            && status.proof().tables().size() == 1
                            && status.proof().tables().get(0).equal());
            execute(source, "delete from shop.folder where id = 18");
            Awaitility.await("the cascade on the target")
                    .atMost(PATIENCE)
                    .until(() -> TableRows.count(target, "shop.note") == TableRows.count(source, "shop.note"));
            execute(source, "delete from shop.folder where id = 17");
        }
        execute(source, "delete from shop.folder where id = 19");
        fill(source, 17, 20);
    }

    private static void copyAnew(RunProcess run, Path file) {
        Status paused = run.await("pause", PATIENCE, status -> status.paused() != null);
        assertThat(paused.paused().change()).contains("a foreign key that cascades", "shop.file, shop.note, shop.tag");
        assertThat(Command.ask("resume", file)).isEmpty();
    }

    private Path file(Endpoint source, Endpoint target, String cascades) throws IOException {
        return Files.writeString(directory.resolve("m.yaml"), """
                migration: cascades
                state: %s
                source: {url: "%s", user: %s}
                target: {url: "%s", user: %s}
                tables: {include: ["shop.*"]}
                apply: {cascades: %s}
                cutover: {wayBack: false}
                """.formatted(
                directory.resolve("state"), source.url(), source.user(), target.url(), target.user(), cascades));
    }

    /** Rows of the target that were changed past its log: the proof cannot see them, a scan does, and a repair mends them. */
    private static void scanFindsWhatNoLogTells(RunProcess run, Path file, Migration migration) throws Exception {
        run.await("the first scan", PATIENCE, status -> isScannedClean(status));
        execute(
                migration.target(),
                "set sql_log_bin = 0",
                "update shop.tag set folder = 13 where id = 15",
                "delete from shop.note where id = 1050",
                "insert into shop.folder values (777)");

        Command.Said found = Command.run("scan", file.toString(), "--show-values");
        assertThat(found.code()).as(found.errors()).isEqualTo(1);
        assertThat(found.out())
                .contains(
                        "DIFFERS shop.tag (15) in folder",
                        "MISSING shop.note (1050)",
                        "UNEXPECTED shop.folder (777)",
                        "shop.tag (15) folder: source 15, target 13");
        Status status = run.await("its gate is closed", PATIENCE, CascadesIT::isScanGateClosed);
        assertThat(status.proof().mismatches()).as("what the log does not tell").isZero();

        assertThat(Command.run("repair", file.toString(), "--list").out())
                .contains("write    shop.tag (15)", "insert  shop.note (1050)", "delete  shop.folder (777)");
        assertThat(Command.run("repair", file.toString(), "--yes").out()).contains("3 rows");
        status = run.await("a scan after the repair is clean", PATIENCE, CascadesIT::isScannedClean);
        assertThat(status.proof().mismatches()).isZero();
        assertThat(isEqual(status, migration.source())).isTrue();
        for (String table : TABLES)
            assertThat(TableRows.of(migration.target(), table)).isEqualTo(TableRows.of(migration.source(), table));
        Command.Said again = Command.run("scan", file.toString(), "--tables", "shop.tag", "--json");
        assertThat(again.code()).as(again.errors()).isZero();
    }

    private static boolean isScannedClean(Status status) {
        return status.scan().differences() == 0
                && status.scan().tables().size() == TABLES.size()
                && status.scan().tables().stream().allMatch(table -> table.done() && table.clean() != null);
    }

    private static boolean isScanGateClosed(Status status) {
        return status.gates().stream()
                .anyMatch(gate -> gate.rule().equals("scan") && gate.state().equals("CLOSED"));
    }

    private static void createTables(Endpoint side) throws SQLException {
        execute(
                side,
                "create table shop.folder (id int primary key)",
                "create table shop.file (id int primary key, folder int not null,"
                        + " constraint in_folder foreign key (folder) references shop.folder (id) on delete cascade on update cascade)",
                "create table shop.note (id int primary key, file int not null,"
                        + " constraint of_file foreign key (file) references shop.file (id) on delete cascade)",
                "create table shop.tag (id int primary key, folder int,"
                        + " constraint on_folder foreign key (folder) references shop.folder (id) on delete set null)");
    }

    private static void fill(Endpoint source) throws SQLException {
        fill(source, 1, 20);
    }

    private static void fill(Endpoint source, int first, int end) throws SQLException {
        for (int folder = first; folder < end; folder++) {
            execute(source, "insert into shop.folder values (" + folder + ")");
            for (int i = 0; i < 3; i++) {
                int file = 1000 + folder * 3 + i;
                execute(
                        source,
                        "insert into shop.file values (" + file + ", " + folder + ")",
                        "insert into shop.note values (" + file + ", " + file + ")");
            }
            execute(
                    source,
                    "replace into shop.tag values (" + folder + ", " + folder + ")"); // it stays, and refers to none
        }
    }

    /** The statements that the check names as the first of its remedies. */
    private static List<String> remedies(PreflightReport report) {
        String introduction = "which is in the log: ";
        return report.findings().stream()
                .filter(finding -> finding.level() == Finding.Level.FAIL)
                .map(Finding::remedy)
                .filter(remedy -> remedy.contains(introduction))
                .flatMap(remedy -> Stream.of(remedy.substring(
                                remedy.indexOf(introduction) + introduction.length(),
                                remedy.indexOf("; or make the key"))
                        .split("; ")))
                .toList();
    }

    private static boolean isEqual(Status status, Endpoint source) {
        return status.proof().tables().size() == TABLES.size()
                && status.proof().tables().stream()
                        .allMatch(
                                table -> table.equal() && table.rowsSource() == TableRows.count(source, named(table)));
    }

    /** Without the round of its copy. */
    private static String named(Status.TableStatus table) {
        return table.table().replaceFirst("@.*", "");
    }

    private static void execute(Endpoint database, String... lines) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            for (String line : lines) statement.execute(line);
        }
    }
}
