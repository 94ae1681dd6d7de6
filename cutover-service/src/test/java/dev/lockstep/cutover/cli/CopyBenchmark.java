package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.OperatingSystemMXBean;
import dev.lockstep.cutover.bench.Databases;
import dev.lockstep.cutover.bench.DebeziumPair;
import dev.lockstep.cutover.bench.EnginePipe;
import dev.lockstep.ingest.capture.ConnectWorker;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
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
 * Lockstep's whole initial copy, Debezium's snapshot with its JDBC sink, and the engine's own pipe, in turns on the same servers. On
 * request: {@code -Dlockstep.copy.rows=1000000}, and {@code -Dlockstep.copy.rounds}, {@code -Dlockstep.copy.contenders} and
 * {@code -Dlockstep.copy.engines} where less is wanted.
 */
@EnabledIfSystemProperty(named = "lockstep.copy.rows", matches = "[0-9]+")
class CopyBenchmark {

    private static final int ROWS = Integer.getInteger("lockstep.copy.rows", 0);
    private static final int ROUNDS = Integer.getInteger("lockstep.copy.rounds", 3);
    private static final List<String> CONTENDERS =
            List.of(System.getProperty("lockstep.copy.contenders", "pipe,lockstep,debezium")
                    .split(","));
    private static final String ENGINES = System.getProperty("lockstep.copy.engines", "postgresql,mariadb");
    private static final Duration LONG = Duration.ofMinutes(30);

    private final Map<String, List<Double>> seconds = new TreeMap<>();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "mariadb"})
    void rowsASecond(String engine) throws Exception {
        if (!Arrays.asList(ENGINES.split(",")).contains(engine)) return;
        try (Databases databases = Databases.start(engine, directory)) {
            databases.fill(ROWS);
            String expected = databases.content(databases.source());
            for (int round = 0; round < ROUNDS; round++) {
                for (String contender : CONTENDERS) {
                    Endpoint target = databases.emptyTarget();
                    run(contender, engine, round, databases, target);
                    assertThat(databases.content(target)).isEqualTo(expected);
                }
            }
        }
        seconds.forEach((contender, runs) ->
                System.out.printf("%s %s: median %,.0f rows/s of %s%n", engine, contender, ROWS / median(runs), runs));
    }

    private void run(String contender, String engine, int round, Databases databases, Endpoint target)
            throws Exception {
        Path state = Files.createDirectories(directory.resolve(contender + round));
        switch (contender) {
            case "pipe" -> measure(contender, engine, () -> EnginePipe.copy(databases, target));
            case "lockstep" -> lockstep(engine, databases, target, state);
            default -> debezium(engine, round, databases, target, state);
        }
    }

    /** From the order to copy until the last row is in the target; Kafka and the Connect worker are there before. */
    private void lockstep(String engine, Databases databases, Endpoint target, Path state) throws Exception {
        Topics topics = new Topics("copy");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(state.resolve("broker"));
                ConnectWorker worker = ConnectWorker.start(kafka.bootstrap(), topics, 1)) {
            Migration migration = databases.migration(
                    "copy",
                    target,
                    state,
                    "kafka: {bootstrap: \"%s\", connect: \"%s\"}".formatted(kafka.bootstrap(), worker.url()));
            Files.createDirectories(migration.state());
            Beginning beginning = Beginning.look(migration);
            try (Broker broker = Broker.start(migration, 1)) {
                List<Pipeline> started = new ArrayList<>();
                measure("lockstep", engine, () -> {
                    Pipeline pipeline = new Pipeline(
                            migration, beginning.agreement(), Optional.empty(), broker, true, false, Clock.systemUTC());
                    started.add(pipeline);
                    pipeline.streams.carry(Direction.FORWARD);
                    await().pollInterval(Duration.ofMillis(20)).atMost(LONG).until(() -> {
                        assertThat(pipeline.failure()).isEmpty();
                        return pipeline.streams.appliers().progress().copiedRows() >= ROWS;
                    });
                });
                await().atMost(LONG).until(() -> started.get(0).copied());
                started.get(0).removeCaptures();
                started.get(0).close();
            }
        }
    }

    /** From the order to copy until the last row is in the target; Kafka and the Connect worker are there before. */
    private void debezium(String engine, int round, Databases databases, Endpoint target, Path state) throws Exception {
        String name = "peer" + round;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(state.resolve("broker"));
                DebeziumPair pair = DebeziumPair.start(kafka)) {
            measure("debezium", engine, () -> {
                pair.copy(name, databases.source(), target);
                await().pollInterval(Duration.ofMillis(100)).atMost(LONG).until(() -> {
                    assertThat(pair.failure(name)).isEmpty();
                    return databases.has(target, ROWS);
                });
            });
            pair.remove(name);
        }
    }

    private interface Copy {
        void run() throws Exception;
    }

    private void measure(String contender, String engine, Copy copy) throws Exception {
        System.gc();
        oldGeneration().resetPeakUsage();
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long start = System.nanoTime();
        copy.run();
        double took = (System.nanoTime() - start) / 1e9;
        seconds.computeIfAbsent(contender, c -> new ArrayList<>()).add(took);
        System.out.printf(
                "%s %s: %,.0f rows/s (%.1f s, this process %.1f us of CPU a row, old generation up to %d MB, load %.1f)%n",
                engine,
                contender,
                ROWS / took,
                took,
                (system.getProcessCpuTime() - cpu) / 1e3 / ROWS,
                oldGeneration().getPeakUsage().getUsed() >> 20,
                system.getSystemLoadAverage());
    }

    private static MemoryPoolMXBean oldGeneration() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool ->
                        pool.getName().contains("Old Gen") || pool.getName().contains("Tenured"))
                .findFirst()
                .orElseThrow();
    }

    private static double median(List<Double> runs) {
        List<Double> sorted = runs.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
