package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.api.Json;
import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.demo.Audit;
import dev.lockstep.cutover.demo.DemoDns;
import dev.lockstep.cutover.demo.DnsResolver;
import dev.lockstep.cutover.demo.Load;
import dev.lockstep.cutover.demo.LoadConfig;
import dev.lockstep.cutover.demo.World;
import dev.lockstep.cutover.demo.WorldConfig;
import dev.lockstep.cutover.report.ProofReport;
import dev.lockstep.cutover.report.ProofReport.TableProof;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole of {@code run} is killed with SIGKILL while it follows under load; the next run carries on, cuts over, and nothing is lost.
 */
class KilledRunIT {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void carriesOnAfterAKillAndLosesNothing(String engine) throws Exception {
        String secret =
                Base64.getEncoder().encodeToString("a key for one test only, 32 byte".getBytes(StandardCharsets.UTF_8));
        try (World world = World.start(new WorldConfig(
                        WorldConfig.Server.started(engine),
                        WorldConfig.Server.started(engine),
                        directory.resolve("world"),
                        2_000,
                        7));
                DemoDns dns = DemoDns.start(
                        DemoMigration.ZONE,
                        DemoMigration.KEY,
                        secret,
                        List.of(DemoMigration.NAME + ". 1 IN A " + world.sourceAddress()));
                Load load = Load.start(LoadConfig.of(
                        new DnsResolver(DemoMigration.NAME, "127.0.0.1", dns.port()), world.destinations(), 40))) {
            Path file = DemoMigration.write(
                    directory,
                    world,
                    dns,
                    Files.writeString(directory.resolve("tsig"), secret),
                    Duration.ofSeconds(2),
                    false);
            Migration migration = MigrationFile.load(file);
            Path output = directory.resolve("output.txt");

            long provenBefore;
            try (RunProcess run = RunProcess.start(file, migration, output)) {
                provenBefore = run.await("proof under load", PATIENCE, allEqualAfter(5))
                        .proof()
                        .barriers();
                run.kill();
            }
            assertThat(provenBefore).isPositive();
            assertThat(load.ledger().acknowledged()).isPositive();

            try (RunProcess run = RunProcess.start(file, migration, output)) {
                Status following = run.await("gates open again", PATIENCE, KilledRunIT::gatesOpen);
                assertThat(following.phases())
                        .extracting(Status.PhaseEntry::phase)
                        .containsOnlyOnce("COPYING", "FOLLOWING");
                assertThat(following.copy().rows())
                        .as("nothing is copied twice")
                        .isZero();
                Awaitility.await("a cutover").atMost(PATIENCE).until(run::cutover, Integer.valueOf(0)::equals);
                run.await(
                        "the way back to be proven",
                        PATIENCE,
                        status -> status.phase().equals("SOAKING"));
                assertThat(run.finish()).isZero();
                assertThat(run.awaitExit(PATIENCE)).as(Files.readString(output)).isZero();
            }
            assertNoSlotIsLeft(world.source());
            assertNoSlotIsLeft(world.target());
            try (RunProcess again = RunProcess.start(file, migration, output)) {
                assertThat(again.awaitExit(PATIENCE)).isZero();
                assertThat(Files.readString(output)).contains("the traffic has moved already");
            }
            reportOutlivesTheRun(file);
            long before = load.ledger().acknowledged();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> load.ledger().acknowledgedByAddress().getOrDefault(world.targetAddress(), 0L) > 50);
            assertThat(load.ledger().acknowledged()).isGreaterThan(before);
            load.stop();
            try (Connection target = world.target().connect()) {
                Audit audit = load.ledger().audit(target, world.target().dialect());
                assertThat(audit.firstLost()).isEmpty();
                assertThat(audit.passed()).isTrue();
            }
        }
    }

    /** Nobody runs the migration any more; its record spans the kill. */
    private void reportOutlivesTheRun(Path file) throws Exception {
        assertThat(Lockstep.commandLine().execute("report", file.toString(), "--out", directory.toString()))
                .isZero();
        Path written = directory.resolve("demo-proof.json");
        ProofReport report = Json.read(Files.readString(written), ProofReport.class);
        assertThat(report.holds()).isTrue();
        assertThat(report.tables()).hasSize(6);
        assertThat(report.positions()).hasSize(1);
        assertThat(report.journal())
                .extracting(ProofReport.JournalEntry::entry)
                .endsWith("FLIPPED", "OPEN", "SOAKING", "FINISHED");
        assertThat(Lockstep.commandLine().execute("report", file.toString(), "--verify", written.toString()))
                .isZero();

        TableProof table = report.tables().get(0);
        String embellished = Files.readString(written)
                .replace(table.digestSource(), "0".repeat(table.digestSource().length()));
        Files.writeString(written, embellished);
        assertThat(Lockstep.commandLine().execute("report", file.toString(), "--verify", written.toString()))
                .isEqualTo(1);
    }

    private static void assertNoSlotIsLeft(Endpoint database) {
        if (!database.dialect().engine().equals("postgresql")) return;
        assertThat(TableRows.count(database, "pg_replication_slots")).isZero();
    }

    private static Predicate<Status> allEqualAfter(long barriers) {
        return status -> status.proof().barriers() >= barriers
                && status.proof().tables().size() == 6
                && status.proof().tables().stream().allMatch(Status.TableStatus::equal);
    }

    private static boolean gatesOpen(Status status) {
        return !status.gates().isEmpty()
                && status.gates().stream().allMatch(gate -> gate.state().equals("OPEN"));
    }
}
