package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.demo.Audit;
import dev.lockstep.cutover.demo.DemoDns;
import dev.lockstep.cutover.demo.DnsResolver;
import dev.lockstep.cutover.demo.Load;
import dev.lockstep.cutover.demo.LoadConfig;
import dev.lockstep.cutover.demo.World;
import dev.lockstep.cutover.demo.WorldConfig;
import dev.lockstep.cutover.phase.ActObserver;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Moves the traffic there and back again and again under load: how long writes stand still, and for whom; see docs/benchmarks.md. */
@EnabledIfSystemProperty(named = "lockstep.moves", matches = "[0-9]+")
class MovesBenchmark {

    private static final int MOVES = Integer.getInteger("lockstep.moves", 20);
    private static final int RATE = Integer.getInteger("lockstep.moves.rate", 500);
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void movesThereAndBack(String engine) throws Exception {
        String secret = Base64.getEncoder().encodeToString(new byte[32]);
        WorldConfig.Server server = WorldConfig.Server.started(engine);
        try (World world = World.start(new WorldConfig(server, server, directory.resolve("world"), 100_000, 7));
                DemoDns dns = DemoDns.start(
                        DemoMigration.ZONE,
                        DemoMigration.KEY,
                        secret,
                        List.of(DemoMigration.NAME + ". 1 IN A " + world.sourceAddress()))) {
            Path key = Files.writeString(directory.resolve("tsig"), secret);
            Migration migration =
                    MigrationFile.load(DemoMigration.write(directory, world, dns, key, Duration.ofSeconds(3), false));
            Times times = new Times();
            try (PrintStream quiet =
                            new PrintStream(directory.resolve("terminal").toFile());
                    RunningMigration running =
                            RunningMigration.start(migration, new TerminalView(quiet, false), times)) {
                CompletableFuture<Void> end = CompletableFuture.runAsync(() -> run(running));
                await(running, end, MovesBenchmark::mayMove); // copied and scanned before the load begins
                try (Load load = Load.start(LoadConfig.of(
                        new DnsResolver(DemoMigration.NAME, "127.0.0.1", dns.port()), world.destinations(), RATE))) {
                    load.awaitFirstCommit(Duration.ofSeconds(30));
                    for (int move = 0; move < MOVES; move++) {
                        int before = move;
                        move(running, end, move % 2 == 1);
                        await(running, end, now -> load.ledger().switches().size() > before);
                    }
                    running.stop();
                    end.join();
                    load.stop();
                    audit(load, MOVES % 2 == 0 ? world.source() : world.target());
                    report(engine, times, load.ledger().switches());
                }
            }
        }
    }

    private static boolean mayMove(Status status) {
        return status.phase().equals("FOLLOWING")
                && !status.gates().isEmpty()
                && status.gates().stream().allMatch(gate -> gate.state().equals("OPEN"));
    }

    private static void run(RunningMigration running) {
        try {
            running.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void move(RunningMigration running, CompletableFuture<Void> end, boolean back) {
        await(
                running,
                end,
                status -> status.phase().equals(back ? "SOAKING" : "FOLLOWING")
                        && (back
                                        ? running.migration().requests().rollback("the benchmark")
                                        : running.migration().requests().cutover())
                                .isEmpty());
        await(running, end, status -> status.phase().equals(back ? "FOLLOWING" : "SOAKING"));
        assertThat(running.status().proof().mismatches()).isZero();
        assertThat(running.status().proof().tables()).allMatch(Status.TableStatus::equal);
    }

    private static void await(
            RunningMigration running, CompletableFuture<Void> end, java.util.function.Predicate<Status> condition) {
        Awaitility.await().atMost(LONG).pollInterval(Duration.ofMillis(100)).until(() -> {
            if (end.isDone()) end.join();
            return condition.test(running.status());
        });
    }

    private static void audit(Load load, Endpoint side) throws Exception {
        try (Connection connection = side.connect()) {
            Audit audit = load.ledger().audit(connection, side.dialect());
            assertThat(audit.firstLost()).isEmpty();
            System.out.printf("acknowledged %,d, lost %d%n", audit.acknowledged(), audit.lost());
        }
    }

    private static void report(String engine, Times times, List<Duration> seen) {
        assertThat(times.pauses).hasSize(MOVES);
        System.out.printf("%s: %d moves at %d transactions/s%n", engine, MOVES, RATE);
        print("writes stood still", times.pauses);
        print("seen by the application", seen);
        times.acts.forEach(MovesBenchmark::print);
    }

    private static void print(String what, List<Duration> durations) {
        List<Duration> sorted = durations.stream().sorted().toList();
        System.out.printf(
                "  %-28s n %3d  p50 %5d ms  p95 %5d ms  max %5d ms%n",
                what, sorted.size(), percentile(sorted, 50), percentile(sorted, 95), percentile(sorted, 100));
    }

    /** Nearest rank. */
    private static long percentile(List<Duration> sorted, int percent) {
        return sorted.get(Math.max(0, (sorted.size() * percent + 99) / 100 - 1)).toMillis();
    }

    /** How long each act took, and from before the fence is journaled until the other side is open. */
    private static final class Times implements ActObserver {

        final List<Duration> pauses = new ArrayList<>();
        final Map<String, List<Duration>> acts = new LinkedHashMap<>();
        private long fenced;

        @Override
        public synchronized void before(String act) {
            if (act.equals("journal FENCED")) fenced = System.nanoTime();
        }

        @Override
        public synchronized void after(String act, Duration took) {
            acts.computeIfAbsent(act, name -> new ArrayList<>()).add(took);
            if (act.endsWith(".allow")) pauses.add(Duration.ofNanos(System.nanoTime() - fenced));
        }
    }
}
