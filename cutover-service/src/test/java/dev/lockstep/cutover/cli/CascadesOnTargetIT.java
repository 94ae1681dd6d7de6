package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.report.ProofReport;
import dev.lockstep.ingest.preflight.Finding;
import dev.lockstep.ingest.preflight.Preflight;
import dev.lockstep.ingest.preflight.PreflightReport;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A source whose foreign keys cascade without a word in its log, left as it is: the same is made on the target, no row is left behind and none
 * is missing, nothing is taken for a difference, and the scan proves what no log can.
 */
class CascadesOnTargetIT {

    private static final Duration PATIENCE = Duration.ofSeconds(150);

    @TempDir
    Path directory;

    @Test
    void toPostgres() throws Exception {
        try (EmbeddedPostgres target = EmbeddedPostgres.start(directory.resolve("t"), 17, "127.0.0.1")) {
            target.createDatabase("shop");
            Endpoint endpoint = new Endpoint(target.url("shop"), target.user(), null);
            execute(endpoint, "create schema shop");
            bringsTheTargetToWhatTheSourcesKeysMade(endpoint, 1, true);
        }
    }

    @Test
    void toMariaDb() throws Exception {
        try (EmbeddedMariaDb target = EmbeddedMariaDb.start(directory.resolve("t"), "127.0.0.1")) {
            target.createDatabase("shop");
            bringsTheTargetToWhatTheSourcesKeysMade(new Endpoint(target.url("shop"), target.user(), null), 2, false);
        }
    }

    /**
     * @param wayBack whether it moves there and back, too; not to a server whose log does not tell of cascades either
     */
    private void bringsTheTargetToWhatTheSourcesKeysMade(Endpoint target, long seed, boolean wayBack) throws Exception {
        try (EmbeddedMariaDb server = EmbeddedMariaDb.start(directory.resolve("s"), "127.0.0.1")) {
            // given
            server.createDatabase("shop");
            Path file = Files.writeString(directory.resolve("m.yaml"), """
                    migration: cascades
                    state: %s
                    source: {url: "%s", user: %s}
                    target: {url: "%s", user: %s}
                    tables: {include: ["shop.*"]}
                    apply: {cascades: target}
                    cutover: {hold: 1s, maxAppliedLag: 60s, maxProvenLag: 60s, writePauseBudget: 100s, wayBack: %s}
                    """.formatted(
                            directory.resolve("state"),
                            server.url("shop"),
                            server.user(),
                            target.url(),
                            target.user(),
                            wayBack));
            Migration migration = MigrationFile.load(file);
            Endpoint source = migration.source();
            for (Endpoint side : List.of(source, target)) createTables(side);
            CascadingLoad load = new CascadingLoad(seed);
            load.transactions(source, 100);
            assertSaysWhatItCosts(Preflight.check(migration));

            // when: it is killed while changes are on their way, and started again
            try (RunProcess run = RunProcess.start(file, migration, directory.resolve("output.txt"))) {
                run.await("the copy is proven", PATIENCE, CascadesOnTargetIT::isProven);
                load.transactions(source, 300);
            }
            load.transactions(source, 300);
            try (RunProcess run = RunProcess.start(file, migration, directory.resolve("output.txt"))) {
                run.await("it follows again", PATIENCE, CascadesOnTargetIT::isProven);
                load.transactions(source, 300);
                execute(source, "insert into shop.folder values (1000000, 1000000)");
                await().atMost(PATIENCE)
                        .until(() -> TableRows.of(target, CascadingLoad.PARENT).contains("1000000|1000000|"));

                // then
                assertSameRows(source, target);
                Command.Said scan = Command.run("scan", file.toString());
                assertThat(scan.code()).as(scan.out() + scan.errors()).isZero();
                Status status = run.await("scanned", PATIENCE, CascadesOnTargetIT::isScanGateOpen);
                assertThat(status.proof().mismatches()).isZero();
                assertThat(status.proof().tables())
                        .extracting(Status.TableStatus::table)
                        .containsExactly(CascadingLoad.PARENT);
                assertThat(status.proof().byScan()).isEqualTo(CascadingLoad.CHILDREN);
                assertReportSaysSo(file);
                if (wayBack) movesThereAndBack(run, source, target);
                scanNamesWhatWasNoCascade(file, source);
            }
        }
    }

    /** What the target's keys do is in its log. */
    private static void movesThereAndBack(RunProcess run, Endpoint source, Endpoint target) throws Exception {
        await("a cutover").atMost(PATIENCE).until(run::cutover, Integer.valueOf(0)::equals);
        run.await(
                "the way back to be proven", PATIENCE, status -> status.phase().equals("SOAKING"));
        execute(
                target,
                "insert into shop.folder values (1000001, 1000001), (1000002, 1000002)",
                "insert into shop.file values (1000001, 1000001), (1000002, 1000002)",
                "delete from shop.folder where id = 1000001");
        await("a rollback").atMost(PATIENCE).until(run::rollback, Integer.valueOf(0)::equals);
        run.await(
                "it is back",
                PATIENCE,
                status -> status.phase().equals("FOLLOWING")
                        && status.phases().stream()
                                .anyMatch(entry -> entry.phase().equals("ROLLED_BACK")));
        assertSameRows(source, target);
        assertThat(TableRows.of(source, CascadingLoad.PARENT)).contains("1000002|1000002|");
    }

    private static void assertSaysWhatItCosts(PreflightReport report) {
        assertThat(report.describe(Finding.Level.FAIL)).isEmpty();
        assertThat(report.describe(Finding.Level.WARN))
                .contains("source shop.page: foreign key below", "made on the target as well", "a scan does");
    }

    private static void assertSameRows(Endpoint source, Endpoint target) throws SQLException {
        List<String> tables = Stream.concat(
                        Stream.of(CascadingLoad.PARENT, "(select id, folder, code from shop.tag) tag"),
                        CascadingLoad.CHILDREN.stream().filter(table -> !table.equals("shop.tag")))
                .toList();
        for (String table : tables)
            assertThat(TableRows.of(target, table))
                    .as(table)
                    .isNotEmpty()
                    .containsExactlyInAnyOrderElementsOf(TableRows.of(source, table));
    }

    private void assertReportSaysSo(Path file) throws Exception {
        Command.Said said = Command.run("report", file.toString(), "--out", directory.toString());
        assertThat(said.code()).as(said.errors()).isZero();
        ProofReport report = dev.lockstep.cutover.api.Json.read(
                Files.readString(directory.resolve("cascades-proof.json")), ProofReport.class);
        assertThat(report.byScan()).isEqualTo(CascadingLoad.CHILDREN);
        assertThat(report.holds()).isTrue();
        assertThat(Files.readString(directory.resolve("cascades-proof.html"))).contains("without a word in its log");
    }

    /** The one thing that the log does not tell either: that a session kept the keys from acting. */
    private static void scanNamesWhatWasNoCascade(Path file, Endpoint source) throws Exception {
        execute(
                source,
                "insert into shop.folder values (2000, 2000)",
                "insert into shop.file values (2000, 2000)",
                "set foreign_key_checks = 0",
                "delete from shop.folder where id = 2000");

        Command.Said found = Command.run("scan", file.toString(), "--tables", "shop.file");

        assertThat(found.code()).as(found.errors()).isEqualTo(1);
        assertThat(found.out()).contains("MISSING shop.file (2000)");
    }

    private static boolean isProven(Status status) {
        return status.phase().equals("FOLLOWING")
                && !status.proof().tables().isEmpty()
                && status.proof().tables().stream().allMatch(Status.TableStatus::equal);
    }

    private static boolean isScanGateOpen(Status status) {
        return status.gates().stream()
                .anyMatch(gate -> gate.rule().equals("scan") && gate.state().equals("OPEN"));
    }

    private static void createTables(Endpoint side) throws SQLException {
        execute(
                side,
                CascadingLoad.tables(side.dialect().engine().equals("postgresql"))
                        .toArray(String[]::new));
    }

    private static void execute(Endpoint database, String... lines) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            for (String line : lines) statement.execute(line);
        }
    }
}
