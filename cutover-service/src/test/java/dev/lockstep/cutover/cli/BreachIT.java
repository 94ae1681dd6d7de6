package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.api.CutoverRequest;
import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.fence.Fence;
import dev.lockstep.cutover.fence.FenceState;
import dev.lockstep.cutover.fence.Fences;
import dev.lockstep.cutover.phase.ActObserver;
import dev.lockstep.cutover.phase.PhaseName;
import dev.lockstep.cutover.report.ProofReport;
import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An administrator writes on the source, through the fence and behind the last barrier. */
class BreachIT {

    private static final Duration PATIENCE = Duration.ofSeconds(150);

    @TempDir
    Path directory;

    private final AtomicInteger breaches = new AtomicInteger();

    @Test
    void doesNotMoveFromAPostgresThatASuperuserWroteTo() throws Exception {
        try (EmbeddedPostgres source = EmbeddedPostgres.start(directory.resolve("s"), 17, "127.0.0.1");
                EmbeddedPostgres target = EmbeddedPostgres.start(directory.resolve("t"), 17, "127.0.0.1")) {
            for (EmbeddedPostgres server : new EmbeddedPostgres[] {source, target}) {
                server.createDatabase("shop");
                execute(
                        server.url("shop"),
                        server.user(),
                        "create schema shop",
                        "create table shop.item (id int primary key, price int)",
                        "create role mover login superuser password 'secret'");
            }
            breach(source.url("shop"), target.url("shop"), source.user(), "set default_transaction_read_only = off");
        }
    }

    @Test
    void doesNotMoveFromAMariaDbThatRootWroteTo() throws Exception {
        try (EmbeddedMariaDb source = EmbeddedMariaDb.start(directory.resolve("s"), "127.0.0.1");
                EmbeddedMariaDb target = EmbeddedMariaDb.start(directory.resolve("t"), "127.0.0.1")) {
            for (EmbeddedMariaDb server : new EmbeddedMariaDb[] {source, target}) {
                server.createDatabase("shop");
                execute(
                        server.url("shop"),
                        server.user(),
                        "create table shop.item (id int primary key, price int)",
                        "create user mover@'%' identified by 'secret'",
                        "grant all on *.* to mover@'%' with grant option");
            }
            breach(source.url("shop"), target.url("shop"), source.user(), "set @anything = 1");
        }
    }

    private void breach(String source, String target, String administrator, String first) throws Exception {
        execute(source, administrator, first, "insert into shop.item values (1, 1), (2, 2)");
        Migration migration = migration(source, target);
        ActObserver intruder = new ActObserver() {
            @Override
            public void before(String act) {
                if (!act.equals("sequences.advance") || breaches.incrementAndGet() > 1) return;
                try {
                    execute(source, administrator, first, "insert into shop.item values (3, 3)");
                } catch (SQLException e) {
                    throw new AssertionError("the fence has stopped the administrator", e);
                }
            }
        };
        try (MigrationRun run =
                new MigrationRun(migration, Beginning.look(migration), status -> {}, intruder, Clock.systemUTC())) {
            CompletableFuture<PhaseName> end = CompletableFuture.supplyAsync(() -> phase(run));
            await(run, end, BreachIT::mayMove);
            assertThat(run.requests().cutover())
                    .hasValueSatisfying(said -> assertThat(said).contains("window"));
            assertThat(run.requests().cutover(overriding("proof")))
                    .hasValueSatisfying(said -> assertThat(said).contains("cannot be overridden"));
            await(
                    run,
                    end,
                    status -> run.requests().cutover(overriding("window")).isEmpty());
            await(
                    run,
                    end,
                    status -> status.phases().stream()
                            .anyMatch(entry -> entry.phase().equals("FENCED")));

            await(run, end, status -> status.phase().equals("FOLLOWING"));
            assertThat(run.status().phases())
                    .last()
                    .satisfies(entry -> assertThat(entry.reason())
                            .startsWith("breach: somebody wrote through the source's fence, to shop.item;"));
            assertThat(run.status().phases())
                    .extracting(Status.PhaseEntry::phase)
                    .doesNotContain("DRAINED", "FLIPPED");

            Awaitility.await("writes are back")
                    .atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .until(() -> {
                        execute(source, "mover", "insert into shop.item values (4, 4)");
                        return true;
                    });
            opensASourceThatSomebodyHasClosed(migration, run);
            await(
                    run,
                    end,
                    status -> mayMove(status) && status.proof().tables().get(0).rowsTarget() == 4);
            assertThat(run.requests().cutover())
                    .as("an override is for one cutover")
                    .hasValueSatisfying(said -> assertThat(said).contains("window"));
            await(
                    run,
                    end,
                    status -> run.requests().cutover(overriding("window")).isEmpty());
            await(run, end, status -> status.phase().equals("SOAKING"));
            repairsWhatSomebodyWritesOnTheSource(run, end, source, administrator, first);
            assertThat(run.report().journal())
                    .extracting(ProofReport.JournalEntry::reason)
                    .contains("override of window: agreed with the shop, by joe@ops");
            livesOnWithoutAWayBack(run, end, source, target, administrator, first);
            assertThat(end.join()).isEqualTo(PhaseName.FINISHED);
        }
        try (Connection connection = DriverManager.getConnection(target, "mover", "secret");
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*), sum(price) from shop.item")) {
            rows.next();
            assertThat(rows.getInt(1)).isEqualTo(5);
            assertThat(rows.getInt(2)).isEqualTo(610);
        }
    }

    /** As a controller would that was frozen in a cutover and wakes up. */
    private static void opensASourceThatSomebodyHasClosed(Migration migration, MigrationRun run) {
        Fence fence = Fences.of(migration, Side.SOURCE);
        assertThat(fence.raise()).isInstanceOf(FenceState.Raised.class);

        assertThat(run.requests().rollback("the test")).isEmpty();

        assertThat(fence.observe()).isInstanceOf(FenceState.Lowered.class);
        assertThat(run.requests().rollback("the test"))
                .hasValueSatisfying(said -> assertThat(said).contains("there is nothing to take back"));
    }

    /** Through the fence, as only an administrator can; the way back is closed until the source is as the target again. */
    private static void repairsWhatSomebodyWritesOnTheSource(
            MigrationRun run, CompletableFuture<PhaseName> end, String source, String administrator, String first)
            throws Exception {
        execute(
                source,
                administrator,
                first,
                "insert into shop.item values (5, 5)",
                "update shop.item set price = 20 where id = 2",
                "delete from shop.item where id = 1");
        await(run, end, status -> status.proof().mismatches() == 3);
        assertThat(run.requests().rollback("the test"))
                .hasValueSatisfying(said -> assertThat(said).contains("rows differ"));

        run.requests().repair(run.pipeline().lag.proof().differing(), "the test");

        await(run, end, status -> status.proof().mismatches() == 0);
        try (Connection connection = DriverManager.getConnection(source, administrator, "");
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*), sum(price) from shop.item")) {
            rows.next();
            assertThat(rows.getInt(1)).isEqualTo(4);
            assertThat(rows.getInt(2)).isEqualTo(10);
        }
    }

    /** A row that the source refuses ends the way back and not the run, which can be finished. */
    private static void livesOnWithoutAWayBack(
            MigrationRun run,
            CompletableFuture<PhaseName> end,
            String source,
            String target,
            String administrator,
            String first)
            throws Exception {
        execute(source, administrator, first, "alter table shop.item add constraint cheap check (price < 100)");
        execute(target, "mover", "insert into shop.item values (6, 600)");
        await(
                run,
                end,
                status -> status.troubles().stream().anyMatch(trouble -> trouble.contains("shop.item, key (6)")));
        assertThat(run.requests().rollback("the test"))
                .hasValueSatisfying(said -> assertThat(said).contains("the way back is not open: apply:"));
        assertThat(end).isNotDone();
        assertThat(run.requests().finish("the test")).isEmpty();
    }

    private static boolean mayMove(Status status) {
        return status.phase().equals("FOLLOWING")
                && !status.gates().isEmpty()
                && status.gates().stream()
                        .allMatch(gate -> gate.rule().equals("window")
                                ? gate.state().equals("CLOSED")
                                : gate.state().equals("OPEN"));
    }

    private static CutoverRequest overriding(String rule) {
        return new CutoverRequest(List.of(rule), "agreed with the shop", "joe@ops");
    }

    private static PhaseName phase(MigrationRun run) {
        try {
            return run.run().name();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(MigrationRun run, CompletableFuture<PhaseName> end, Predicate<Status> condition) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .failFast(() -> {
                    if (end.isDone()) end.join();
                })
                .untilAsserted(() -> assertThat(run.status()).matches(condition));
    }

    private Migration migration(String source, String target) throws Exception {
        Files.createDirectories(directory.resolve("state"));
        Path password = Files.writeString(directory.resolve("password"), "secret");
        return MigrationFile.load(Files.writeString(directory.resolve("m.yaml"), """
                migration: breach
                state: %s
                source: {url: "%s", user: mover, password: "${file:%s}"}
                target: {url: "%s", user: mover, password: "${file:%s}"}
                tables: {include: ["shop.*"]}
                cutover: {hold: 1s, maxAppliedLag: 60s, maxProvenLag: 60s, writePauseBudget: 100s, window: {hours: "%s"}}
                """.formatted(
                        directory.resolve("state"), source, password, target, password, laterToday())));
    }

    private static String laterToday() {
        LocalTime now = LocalTime.now(ZoneOffset.UTC).withSecond(0).withNano(0);
        return now.plusHours(6) + "-" + now.plusHours(7);
    }

    private static void execute(String url, String user, String... lines) throws SQLException {
        String password = user.equals("mover") ? "secret" : "";
        try (Connection connection = DriverManager.getConnection(url, user, password);
                var statement = connection.createStatement()) {
            for (String line : lines) statement.execute(line);
        }
    }
}
