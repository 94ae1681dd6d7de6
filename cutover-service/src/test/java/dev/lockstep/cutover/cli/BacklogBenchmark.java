package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.cutover.bench.Backlog;
import dev.lockstep.cutover.bench.Databases;
import dev.lockstep.cutover.bench.DebeziumPair;
import dev.lockstep.cutover.bench.NativeReplica;
import dev.lockstep.cutover.bench.ThreadTimes;
import dev.lockstep.ingest.barrier.BarrierWriter;
import dev.lockstep.ingest.capture.Capture;
import dev.lockstep.ingest.capture.CaptureConfig;
import dev.lockstep.ingest.capture.ConnectWorker;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.ControlTables;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.stream.apply.Applier;
import dev.lockstep.stream.apply.ApplyConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A backlog of mixed changes, made once on a source and waiting in Kafka or in the source's log, into an equal fresh target: by our
 * applier, by Debezium's JDBC sink, and by the engine's own replication, in turns. On request:
 * {@code -Dlockstep.backlog.changes=500000}, and {@code -Dlockstep.backlog.transaction}, {@code .keys=zipf}, {@code .rounds},
 * {@code .contenders} and {@code .engines}.
 */
@EnabledIfSystemProperty(named = "lockstep.backlog.changes", matches = "[0-9]+")
class BacklogBenchmark {

    private static final String NAME = "lockstep.backlog.";
    private static final int CHANGES = Integer.getInteger(NAME + "changes", 0);
    private static final int ROWS = Integer.getInteger(NAME + "rows", 200_000);
    private static final int ROUNDS = Integer.getInteger(NAME + "rounds", 3);
    private static final List<String> CONTENDERS = Arrays.asList(
            System.getProperty(NAME + "contenders", "lockstep,native,sink").split(","));
    private static final String ENGINES = System.getProperty(NAME + "engines", "postgresql,mariadb");
    private static final Backlog BACKLOG = new Backlog(
            CHANGES,
            Integer.getInteger(NAME + "transaction", 1000),
            ROWS,
            System.getProperty(NAME + "keys", "uniform").equals("zipf"));
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Topics TOPICS = new Topics("backlog");
    private static final String PEER = "peer";
    private static final int SINK_TASKS = 2;

    private final Map<String, List<Double>> seconds = new TreeMap<>();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "mariadb"})
    void rowsASecond(String engine) throws Exception {
        if (!Arrays.asList(ENGINES.split(",")).contains(engine)) return;
        try (Databases databases = Databases.start(engine, directory);
                EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
            databases.fill(ROWS);
            Waiting waiting = build(databases, kafka);
            String expected = databases.content(databases.source());
            try (DebeziumPair pair = CONTENDERS.contains("sink") ? DebeziumPair.start(kafka, false) : null) {
                for (int round = 0; round < ROUNDS; round++)
                    for (String contender : CONTENDERS) {
                        Endpoint target = databases.filledTarget(ROWS);
                        switch (contender) {
                            case "lockstep" -> lockstep(engine, kafka, waiting, target);
                            case "native" -> replica(engine, databases, waiting.replica, target);
                            default -> sink(engine, databases, pair, round, target);
                        }
                        assertThat(databases.content(target)).isEqualTo(expected);
                    }
            }
        }
        report(engine);
    }

    /** What a backlog is to each contender; ours begins at an offset and ends with a barrier. */
    private record Waiting(Migration migration, long offset, long barrier, NativeReplica replica) {}

    /** Lets ours and Debezium's capture follow the source while the backlog is made. */
    private Waiting build(Databases databases, EmbeddedKafka kafka) throws Exception {
        Endpoint source = databases.source();
        TopicSetup.create(kafka.bootstrap(), TOPICS, 1);
        BarrierWriter.prepare(source, Direction.FORWARD, 1);
        Migration migration = databases.migration(
                "backlog",
                databases.emptyTarget(),
                directory,
                "kafka: {bootstrap: \"%s\"}".formatted(kafka.bootstrap()));
        boolean peer = CONTENDERS.contains("sink");
        try (ConnectWorker worker = ConnectWorker.start(kafka.bootstrap(), TOPICS, 1);
                DebeziumPair pair = peer ? DebeziumPair.start(kafka, true) : null;
                BarrierWriter barriers = BarrierWriter.held(
                        source, Direction.FORWARD, migration.barrier().interval(), Clock.systemUTC());
                Capture capture = Capture.start(capture(worker, kafka, migration), () -> {})) {
            if (pair != null) pair.follow(PEER, source, SINK_TASKS);
            awaitFollowing(databases, kafka, TOPICS.sourceChanges());
            if (pair != null) awaitFollowing(databases, kafka, pair.topic(PEER, source));
            NativeReplica replica = NativeReplica.here(databases);
            long offset = quietEnd(kafka, TOPICS.sourceChanges(), 0);
            barriers.release();
            BACKLOG.make(databases);
            long barrier = barriers.writeLast();
            quietEnd(kafka, TOPICS.sourceChanges(), offset + CHANGES);
            if (pair != null) {
                quietEnd(kafka, pair.topic(PEER, source), CHANGES);
                pair.removeSource(PEER);
            }
            capture.remove();
            return new Waiting(migration, offset, barrier, replica);
        }
    }

    private static CaptureConfig capture(ConnectWorker worker, EmbeddedKafka kafka, Migration migration)
            throws Exception {
        TableAgreement agreement = agreement(migration);
        return new CaptureConfig(
                worker.url(),
                kafka.bootstrap(),
                TOPICS,
                Side.SOURCE,
                migration.source(),
                agreement.tables(),
                0,
                migration.copy(),
                agreement.agreed(Side.SOURCE, 0));
    }

    private static TableAgreement agreement(Migration migration) throws Exception {
        Files.createDirectories(migration.state());
        return Beginning.look(migration).agreement();
    }

    private static void awaitFollowing(Databases databases, EmbeddedKafka kafka, String topic) throws Exception {
        long[] before = {quietEnd(kafka, topic, 0)};
        await().pollInterval(Duration.ofMillis(500)).atMost(LONG).until(() -> {
            Backlog.tryOut(databases);
            long now = end(kafka, topic);
            boolean follows = now > before[0] && now < before[0] + 1000; // not while the copy is running
            before[0] = now;
            return follows;
        });
    }

    /** The topic's end, once it is beyond what is expected and has not moved for a while. */
    private static long quietEnd(EmbeddedKafka kafka, String topic, long expected) {
        long[] seen = {-1, System.nanoTime()};
        await().pollInterval(Duration.ofMillis(200)).atMost(LONG).until(() -> {
            long now = end(kafka, topic);
            if (now != seen[0]) seen[1] = System.nanoTime();
            seen[0] = now;
            return now >= expected && System.nanoTime() - seen[1] > 2_000_000_000L;
        });
        return seen[0];
    }

    private static long end(EmbeddedKafka kafka, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            var partitions = admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions();
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            partitions.forEach(p -> ends.put(new TopicPartition(topic, p.partition()), OffsetSpec.latest()));
            return admin.listOffsets(ends).all().get().values().stream()
                    .mapToLong(o -> o.offset())
                    .sum();
        }
    }

    /** From the order to start until the barrier behind the backlog is applied. */
    private void lockstep(String engine, EmbeddedKafka kafka, Waiting waiting, Endpoint target) throws Exception {
        place(kafka, waiting.offset, target);
        ThreadTimes times = new ThreadTimes("apply-read", "apply-write");
        ApplyConfig config = new ApplyConfig(
                kafka.bootstrap(),
                TOPICS,
                Direction.FORWARD,
                target,
                mapped(waiting.migration, target),
                Set.of(),
                0,
                false,
                waiting.migration.apply(),
                Clock.systemUTC());
        List<Applier> started = new ArrayList<>();
        measure(engine, "lockstep", () -> started.add(Applier.start(config)), () -> {
            Applier applier = started.get(0);
            assertThat(applier.failure()).isEmpty();
            times.sample();
            return applier.progress().barrierMicros() >= waiting.barrier;
        });
        try (Applier applier = started.get(0)) {
            System.out.printf("  %d transactions; %s%n", applier.progress().transactions(), times.perChange(CHANGES));
        }
    }

    /** MariaDB's targets are databases of several names. */
    private static List<TableMapping> mapped(Migration migration, Endpoint target) throws Exception {
        return agreement(migration).tables().stream()
                .map(t -> new TableMapping(
                        t.source(),
                        new TableId(
                                t.target().schema().equals("public") ? "public" : target.database(),
                                t.target().name()),
                        t.columns(),
                        t.key(),
                        t.lane()))
                .toList();
    }

    /** Makes the applier begin with the backlog, as if a copy and a first barrier had been applied. */
    private static void place(EmbeddedKafka kafka, long offset, Endpoint target) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
                Connection connection = target.connectWriter();
                var statement = connection.createStatement()) {
            ControlTables.createApplied(connection, target.dialect());
            String topic = admin.describeTopics(List.of(TOPICS.sourceChanges()))
                    .allTopicNames()
                    .get()
                    .get(TOPICS.sourceChanges())
                    .topicId()
                    .toString();
            statement.execute("insert into lockstep.applied (topic, direction, lane, next_offset, position,"
                    + " barrier_micros, epoch) values ('" + topic + "', 'FORWARD', 0, " + offset + ", '"
                    + Position.SNAPSHOT + "', 1, 0)");
        }
    }

    private void replica(String engine, Databases databases, NativeReplica replica, Endpoint target) throws Exception {
        replica.prepare(target);
        measure(engine, "native", () -> replica.go(target), () -> Backlog.isIn(databases, target));
        replica.remove(target);
    }

    private void sink(String engine, Databases databases, DebeziumPair pair, int round, Endpoint target)
            throws Exception {
        String name = "sink" + round;
        measure(
                engine,
                "sink",
                () -> pair.sink(PEER, name, databases.source(), target, SINK_TASKS),
                () -> Backlog.isIn(databases, target));
        pair.removeSink(name);
    }

    private interface Start {
        void run() throws Exception;
    }

    private void measure(String engine, String contender, Start start, Callable<Boolean> done) throws Exception {
        ThreadTimes.resetPeak();
        long begun = System.nanoTime();
        start.run();
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(LONG)
                .until(done);
        double took = (System.nanoTime() - begun) / 1e9;
        seconds.computeIfAbsent(contender, c -> new ArrayList<>()).add(took);
        System.out.printf(
                "%s %s: %,.0f changes/s (%.1f s, %s, load %.1f)%n",
                engine, contender, CHANGES / took, took, ThreadTimes.peak(), ThreadTimes.load());
    }

    private void report(String engine) {
        double ours = seconds.containsKey("lockstep") ? median(seconds.get("lockstep")) : Double.NaN;
        seconds.forEach((contender, runs) -> System.out.printf(
                "%s %s %s: median %,.0f changes/s of %d rounds; lockstep is %.2f times that%n",
                engine, BACKLOG, contender, CHANGES / median(runs), runs.size(), median(runs) / ours));
        seconds.clear();
    }

    private static double median(List<Double> runs) {
        List<Double> sorted = runs.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
