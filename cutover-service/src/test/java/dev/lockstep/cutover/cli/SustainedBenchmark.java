package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.cutover.bench.Backlog;
import dev.lockstep.cutover.bench.Databases;
import dev.lockstep.cutover.bench.NativeReplica;
import dev.lockstep.cutover.bench.ThreadTimes;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Changes of four tables, made at the source's full speed while somebody follows: from the first until the last is on the target. Ours
 * with its capture, in one lane, two and four ({@code lanes1}, {@code lanes2}, {@code lanes4}), in one lane with the target's log captured as
 * well ({@code echo}), and with the proof, too ({@code proven}); and the engine's own replication. On request: {@code
 * -Dlockstep.sustained.changes=400000}, and {@code -Dlockstep.sustained.transaction}, {@code .rounds}, {@code .contenders} and {@code .engines}.
 */
@EnabledIfSystemProperty(named = "lockstep.sustained.changes", matches = "[0-9]+")
class SustainedBenchmark {

    private static final String NAME = "lockstep.sustained.";
    private static final int CHANGES = Integer.getInteger(NAME + "changes", 0);
    private static final int ROWS = 60_000;
    private static final int ROUNDS = Integer.getInteger(NAME + "rounds", 3);
    private static final List<String> TABLES = List.of("item", "item2", "item3", "item4");
    private static final List<String> CONTENDERS =
            Arrays.asList(System.getProperty(NAME + "contenders", "lanes1,native,lanes2,lanes4")
                    .split(","));
    private static final String ENGINES = System.getProperty(NAME + "engines", "postgresql,mariadb");
    private static final Backlog LOAD =
            new Backlog(CHANGES, Integer.getInteger(NAME + "transaction", 1000), ROWS, false);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String[] THREADS = {
        "debezium-",
        "blc-",
        "task-thread",
        "kafka-producer",
        "data-plane",
        "apply-read",
        "apply-write", // the proof's from here on
        "Source: ",
        "Source Data Fetcher",
        "barrier-clock",
        "row-comparison",
        "verdicts",
        "reports"
    };

    private final Map<String, List<Double>> rates = new TreeMap<>();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "mariadb"})
    void changesASecond(String engine) throws Exception {
        if (!Arrays.asList(ENGINES.split(",")).contains(engine)) return;
        for (int round = 0; round < ROUNDS; round++)
            for (String contender : CONTENDERS) {
                Path state = Files.createDirectories(directory.resolve(engine + round + contender));
                try (Databases databases = Databases.start(engine, state, TABLES)) {
                    databases.fill(ROWS);
                    if (contender.equals("native")) replica(databases);
                    else lockstep(databases, state, contender);
                }
            }
        rates.forEach((contender, all) -> System.out.printf(
                "%s %s: median %.0f changes/s of %s%n",
                engine, contender, all.stream().sorted().toList().get(all.size() / 2), all));
    }

    private void lockstep(Databases databases, Path state, String contender) throws Exception {
        String more =
                switch (contender) {
                    case "lanes2" -> "lanes: [['*.item3', '*.item4']]";
                    case "lanes4" -> "lanes: ['*.item2', '*.item3', '*.item4']";
                    case "echo" -> "proof: {cluster: true}"; // on no cluster: nothing proves
                    default -> "";
                };
        Migration migration = databases.migration("sustained", databases.emptyTarget(), state, more);
        Files.createDirectories(migration.state());
        Beginning beginning = Beginning.look(migration);
        try (Broker broker = Broker.start(migration, migration.lanes().count());
                Pipeline pipeline = new Pipeline(
                        migration, beginning.agreement(), Optional.empty(), broker, true, false, Clock.systemUTC())) {
            pipeline.streams.carry(Direction.FORWARD);
            await().atMost(LONG).until(() -> {
                assertThat(pipeline.failure()).isEmpty();
                return pipeline.copied();
            });
            boolean proven = contender.equals("proven");
            if (proven || contender.equals("echo")) follow(pipeline);
            if (proven) awaitProof(pipeline);
            ThreadTimes times = new ThreadTimes(THREADS);
            measure(databases, migration.target(), contender);
            if (proven) {
                long begun = System.nanoTime();
                awaitProof(pipeline);
                System.out.printf("  proven %.2f s later%n", (System.nanoTime() - begun) / 1e9);
            }
            times.sample();
            System.out.println("  " + times.perChange(CHANGES));
            pipeline.removeCaptures();
        }
    }

    /** Until the target's copy for the echo is through. */
    private static void follow(Pipeline pipeline) {
        pipeline.prove();
        await().atMost(LONG).until(() -> pipeline.isCopied(0));
    }

    /** Until all that is applied is proven, so that the processor time taken meanwhile is that for all changes, and that for the copy is not in it. */
    private static void awaitProof(Pipeline pipeline) {
        long applied = pipeline.streams.appliers().progress().barrierMicros();
        await().pollInterval(Duration.ofMillis(20)).atMost(LONG).until(() -> {
            assertThat(pipeline.failure()).isEmpty();
            var proof = pipeline.lag.proof();
            return proof.newestBarrier()
                    .filter(barrier -> Micros.of(barrier) >= applied)
                    .isPresent();
        });
        assertThat(pipeline.lag.proof().openMismatches()).isZero();
    }

    private void replica(Databases databases) throws Exception {
        Endpoint target = databases.filledTarget(ROWS);
        NativeReplica replica = NativeReplica.here(databases);
        replica.prepare(target);
        replica.go(target);
        measure(databases, target, "native");
        replica.remove(target);
    }

    private void measure(Databases databases, Endpoint target, String contender) throws Exception {
        long begun = System.nanoTime();
        LOAD.make(databases);
        double made = (System.nanoTime() - begun) / 1e9;
        await().pollInterval(Duration.ofMillis(20)).atMost(LONG).until(() -> Backlog.isIn(databases, target));
        double seconds = (System.nanoTime() - begun) / 1e9;
        assertThat(databases.content(target)).isEqualTo(databases.content(databases.source()));
        rates.computeIfAbsent(contender, c -> new ArrayList<>()).add(CHANGES / seconds);
        System.out.printf(
                "%s: %.0f changes/s; made at %.0f/s (load %.1f)%n",
                contender, CHANGES / seconds, CHANGES / made, ThreadTimes.load());
    }
}
