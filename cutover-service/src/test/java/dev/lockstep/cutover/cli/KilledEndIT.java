package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.api.Json;
import dev.lockstep.cutover.report.ProofReport;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process dies as the migration ends: what holds a database's log is taken away all the same, and the last report is there. */
class KilledEndIT {

    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final String SCHEMA = "information_schema.schemata where schema_name = 'lockstep'";

    @TempDir
    Path directory;

    @Test
    void takesCapturesAwayOnARestartWithoutAWayBack() throws Exception {
        try (EmbeddedPostgres source = server("s", "insert into shop.item values (1)");
                EmbeddedPostgres target = server("t")) {
            Path file = file(source, target, false);
            Migration migration = MigrationFile.load(file);
            dieAt("after journal OPEN");
            try (RunProcess run = start(file, migration)) {
                assertThat(run.awaitExit(PATIENCE)).as(said()).isEqualTo(CrashingRun.DIED);
            }
            assertThat(held(migration.source())).as("a slot and a publication").isEqualTo(2);

            assertThat(startAgain(file, migration)).contains("moved already").doesNotContain("left behind");

            for (Endpoint side : new Endpoint[] {migration.source(), migration.target()}) {
                assertThat(held(side)).isZero();
                assertThat(TableRows.count(side, SCHEMA))
                        .as("the operator's to drop")
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void leavesTheLastReportOfAMigrationThatIsFinishedAndOfNoOther() throws Exception {
        try (EmbeddedPostgres source = server("s", "insert into shop.item values (1)");
                EmbeddedPostgres target = server("t")) {
            Path file = file(source, target, true);
            Migration migration = MigrationFile.load(file);
            Path report = ReportFiles.of(migration.state()).json();
            finishAndDieAt("before journal FINISHED", file, migration);
            assertThat(report).exists();

            file(source, target, false);
            assertThat(startAgain(file, migration, 1)).contains("the way back is open", "set it back");
            assertThat(held(migration.source())).as("nothing is taken away").isEqualTo(2);
            file(source, target, true);

            dieAt("never");
            try (RunProcess run = start(file, migration)) {
                run.await(
                        "the way back, open as before",
                        PATIENCE,
                        status -> status.phase().equals("SOAKING"));
                assertThat(report).as("of an end that has not come").doesNotExist();
            }
            finishAndDieAt("after journal FINISHED", file, migration);

            Command.Said said = Command.run("report", "--json", file.toString());
            assertThat(said.errors()).isEmpty();
            assertThat(Json.read(said.out(), ProofReport.class).tables())
                    .singleElement()
                    .satisfies(table -> assertThat(table.equal()).isTrue());
            assertThat(startAgain(file, migration)).contains("moved already").doesNotContain("left behind");
            for (Endpoint side : new Endpoint[] {migration.source(), migration.target()}) {
                assertThat(held(side)).isZero();
                assertThat(TableRows.count(side, SCHEMA)).isZero();
            }
            assertThat(report).exists();
        }
    }

    private void finishAndDieAt(String point, Path file, Migration migration) throws Exception {
        dieAt(point);
        try (RunProcess run = start(file, migration)) {
            run.await("the way back", PATIENCE, status -> status.phase().equals("SOAKING"));
            run.finish();
            assertThat(run.awaitExit(PATIENCE)).as(said()).isEqualTo(CrashingRun.DIED);
        }
    }

    private void dieAt(String point) throws Exception {
        Files.writeString(directory.resolve("crash"), point);
    }

    private RunProcess start(Path file, Migration migration) throws Exception {
        return RunProcess.startCrashing(
                file,
                migration,
                directory.resolve("output.txt"),
                directory.resolve("acts"),
                directory.resolve("crash"));
    }

    private String startAgain(Path file, Migration migration) throws Exception {
        return startAgain(file, migration, 0);
    }

    /** To its end. */
    private String startAgain(Path file, Migration migration, int code) throws Exception {
        Path output = directory.resolve("last.txt");
        try (RunProcess run = RunProcess.start(file, migration, output)) {
            assertThat(run.awaitExit(PATIENCE)).as(Files.readString(output)).isEqualTo(code);
        }
        return Files.readString(output);
    }

    private String said() throws Exception {
        return Files.readString(directory.resolve("output.txt"));
    }

    private static long held(Endpoint side) {
        return TableRows.count(side, "pg_replication_slots") + TableRows.count(side, "pg_publication");
    }

    private EmbeddedPostgres server(String name, String... rows) throws Exception {
        EmbeddedPostgres server = EmbeddedPostgres.start(directory.resolve(name), 17, "127.0.0.1");
        server.createDatabase("shop");
        try (Connection connection = DriverManager.getConnection(server.url("shop"), server.user(), server.password());
                var statement = connection.createStatement()) {
            statement.execute("create schema shop");
            statement.execute("create table shop.item (id int primary key)");
            for (String row : rows) statement.execute(row);
        }
        return server;
    }

    private Path file(EmbeddedPostgres source, EmbeddedPostgres target, boolean wayBack) throws Exception {
        return Files.writeString(directory.resolve("m.yaml"), """
                migration: ending
                state: %s
                source: {url: "%s", user: %s}
                target: {url: "%s", user: %s}
                tables: {include: ["shop.*"]}
                cutover: {mode: auto, hold: 1s, maxAppliedLag: 60s, maxProvenLag: 60s, writePauseBudget: 100s, wayBack: %s}
                """.formatted(
                        directory.resolve("state"),
                        source.url("shop"),
                        source.user(),
                        target.url("shop"),
                        target.user(),
                        wayBack));
    }
}
