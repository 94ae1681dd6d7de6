package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.cutover.bench.Backlog;
import dev.lockstep.cutover.bench.Databases;
import dev.lockstep.cutover.bench.DebeziumPair;
import dev.lockstep.cutover.bench.NativeReplica;
import dev.lockstep.cutover.bench.SteadyLoad;
import dev.lockstep.cutover.bench.ThreadTimes;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.TopicReader;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From a change's commit on the source until it can be read on the target, at a steady rate: our whole pipeline with its proof, Debezium's
 * with its JDBC sink, and the engine's own replication. On request: {@code -Dlockstep.latency.seconds=60}, and
 * {@code -Dlockstep.latency.rate}, {@code .contenders} and {@code .engines}.
 */
@EnabledIfSystemProperty(named = "lockstep.latency.seconds", matches = "[0-9]+")
class LatencyBenchmark {

    private static final String NAME = "lockstep.latency.";
    private static final int SECONDS = Integer.getInteger(NAME + "seconds", 0);
    private static final int RATE = Integer.getInteger(NAME + "rate", 1000);
    private static final int WARM_UP_SECONDS = Integer.getInteger(NAME + "warmup", 60);
    private static final int ROWS = 100_000;
    private static final List<String> CONTENDERS = Arrays.asList(
            System.getProperty(NAME + "contenders", "lockstep,native,sink").split(","));
    private static final String ENGINES = System.getProperty(NAME + "engines", "postgresql,mariadb");
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "mariadb"})
    void fromCommitToVisible(String engine) throws Exception {
        if (!Arrays.asList(ENGINES.split(",")).contains(engine)) return;
        for (String contender : CONTENDERS) {
            Path state = Files.createDirectories(directory.resolve(engine + contender));
            try (Databases databases = Databases.start(engine, state)) {
                databases.fill(ROWS);
                switch (contender) {
                    case "lockstep" -> lockstep(engine, databases, state);
                    case "native" -> replica(engine, databases);
                    default -> sink(engine, databases, state);
                }
            }
        }
    }

    private static void lockstep(String engine, Databases databases, Path state) throws Exception {
        Migration migration = databases.migration("latency", databases.emptyTarget(), state, "");
        Files.createDirectories(migration.state());
        Beginning beginning = Beginning.look(migration);
        try (Broker broker = Broker.start(migration, 1);
                Pipeline pipeline = new Pipeline(
                        migration, beginning.agreement(), Optional.empty(), broker, true, false, Clock.systemUTC())) {
            pipeline.streams.carry(Direction.FORWARD);
            await().atMost(LONG).until(() -> {
                assertThat(pipeline.failure()).isEmpty();
                return pipeline.copied();
            });
            pipeline.prove();
            await().atMost(LONG)
                    .until(() -> pipeline.lag.proof().newestBarrier().stream()
                            .anyMatch(barrier -> barrier.plusSeconds(1).isAfter(Instant.now())));
            measure(engine, "lockstep", databases, migration.target());
            assertThat(pipeline.failure()).isEmpty();
            verdicts(engine, pipeline);
            pipeline.removeCaptures();
        }
    }

    /** From a barrier's commit on the source to the verdict at it, over the time that counts. */
    private static void verdicts(String engine, Pipeline pipeline) {
        Properties client = new Properties();
        client.put("bootstrap.servers", pipeline.bootstrap);
        List<TableVerdict> verdicts =
                TopicReader.readAll(client, new TopicPartition(pipeline.topics.verdicts(), 0)).stream()
                        .map(message -> Messages.TABLE_VERDICT.decode(message.value()))
                        .toList();
        long newest = verdicts.get(verdicts.size() - 1).getBarrierMicros();
        double[] millis = verdicts.stream()
                .filter(verdict -> verdict.getBarrierMicros() > newest - SECONDS * 1_000_000L)
                .mapToDouble(verdict -> (verdict.getProvenMicros() - verdict.getBarrierMicros()) / 1e3)
                .sorted()
                .toArray();
        assertThat(verdicts.get(verdicts.size() - 1).getMismatches()).isZero();
        System.out.printf(
                "%s verdicts: p50 %.1f ms, p99 %.1f, max %.1f (%d of them)%n",
                engine, at(millis, 0.5), at(millis, 0.99), at(millis, 1), millis.length);
    }

    private static void replica(String engine, Databases databases) throws Exception {
        Endpoint target = databases.filledTarget(ROWS);
        NativeReplica replica = NativeReplica.here(databases);
        replica.prepare(target);
        replica.go(target);
        measure(engine, "native", databases, target);
        replica.remove(target);
    }

    private static void sink(String engine, Databases databases, Path state) throws Exception {
        Endpoint target = databases.filledTarget(ROWS);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(state.resolve("broker"));
                DebeziumPair pair = DebeziumPair.start(kafka)) {
            pair.follow("peer", databases.source(), 1);
            pair.sink("peer", "peer", databases.source(), target, 1);
            await().pollInterval(Duration.ofSeconds(1)).atMost(LONG).until(() -> {
                assertThat(pair.failure("peer")).isEmpty();
                Backlog.mark(databases);
                return !Databases.query(target, "select count(*) from item where id < 0")
                        .equals("0");
            });
            measure(engine, "sink", databases, target);
            pair.remove("peer");
        }
    }

    private static void measure(String engine, String contender, Databases databases, Endpoint target)
            throws Exception {
        SteadyLoad load =
                new SteadyLoad(databases.source(), target, ROWS, RATE, WARM_UP_SECONDS * RATE, SECONDS * RATE);
        double[] millis = load.run();
        System.out.printf(
                "%s %s: %d/s for %d s: p50 %.1f ms, p99 %.1f, p99.9 %.1f, max %.1f (%d looked for, made up to %.1f ms late, load %.1f)%n",
                engine,
                contender,
                RATE,
                SECONDS,
                at(millis, 0.5),
                at(millis, 0.99),
                at(millis, 0.999),
                at(millis, 1),
                millis.length,
                load.lateMillis(),
                ThreadTimes.load());
    }

    private static double at(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(share * sorted.length))];
    }
}
