package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Measures, on request: {@code -Dlockstep.measure.rows=200000}. */
@EnabledIfSystemProperty(named = "lockstep.measure.rows", matches = "[0-9]+")
class ApplierThroughputBenchmark {

    private static final int ROWS = Integer.getInteger("lockstep.measure.rows", 0);
    private static final int STATEMENTS = 10;

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void rowsASecond(String engine, @TempDir Path directory) throws Exception {
        Path data = directory.resolve("target");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
                TargetServer server =
                        engine.equals("postgres") ? TargetServer.postgres(data) : TargetServer.mariaDb(data)) {
            Endpoint target = server.database("measured", "varchar(40)");
            Topics topics = new Topics(engine);
            Lane lane = new Lane(TargetServer.schema(target), 1);
            try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics);
                    Applier applier = Applier.start(config(kafka, topics, target, lane))) {
                measure(engine + " copy", ROWS, lane, topic, applier, () -> lane.copyWithoutState(ROWS));
                measure(engine + " insert", ROWS, lane, topic, applier, () -> inserts(lane));
                measure(engine + " update", ROWS, lane, topic, applier, () -> updates(lane));
                measure(engine + " delete", ROWS, lane, topic, applier, () -> deletes(lane));
                assertThat(applier.progress().changedRows()).isEqualTo(3L * ROWS);
            }
        }
    }

    private static void inserts(Lane lane) {
        for (int id = ROWS + 1; id <= 2 * ROWS; id++) {
            lane.insert(Lane.row(id, "inserted " + id, 7));
            if (id % STATEMENTS == 0) lane.nextTransaction();
        }
    }

    private static void updates(Lane lane) {
        for (int id = 1; id <= ROWS; id++) {
            lane.update(Lane.row(id * 7919L % ROWS + 1, "updated " + id, 8));
            if (id % STATEMENTS == 0) lane.nextTransaction();
        }
    }

    private static void deletes(Lane lane) {
        for (int id = 1; id <= ROWS; id++) {
            lane.delete(id);
            if (id % STATEMENTS == 0) lane.nextTransaction();
        }
    }

    private static void measure(String what, int rows, Lane lane, LaneTopic topic, Applier applier, Runnable changes) {
        lane.entries.clear();
        changes.run();
        long barrier = applier.progress().barrierMicros() + 1;
        lane.nextTransaction();
        lane.barrier(Barrier.Direction.FORWARD, barrier);
        Instant start = Instant.now();
        topic.writeAll(lane.entries);
        Instant written = Instant.now();
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofMinutes(5))
                .until(() -> applier.progress().barrierMicros() == barrier
                        || applier.failure().isPresent());
        assertThat(applier.failure()).isEmpty();
        // read_committed: nothing is seen before the producer's commit
        double seconds = Duration.between(written, Instant.now()).toNanos() / 1e9;
        System.out.printf(
                "%s: %,.0f rows/s (%d transactions so far; producing took %s)%n",
                what, rows / seconds, applier.progress().transactions(), Duration.between(start, written));
    }

    private static ApplyConfig config(EmbeddedKafka kafka, Topics topics, Endpoint target, Lane lane) {
        return ApplyConfigs.of(kafka.bootstrap(), topics, target, 5000, lane.members);
    }
}
