package dev.lockstep.ingest.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.ingest.barrier.BarrierWriter;
import dev.lockstep.ingest.guard.AgreedColumns;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.TopicReader;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration.CopyRules;
import dev.lockstep.schemas.table.TableMapping;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every engine's capture guarantees when a table changes under it: it stops just before, and goes on from just there. */
abstract class SchemaChangeContract {

    private static final Topics TOPICS = new Topics("changes");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    /**
     * @param statement that changes shop.item
     * @param reason what the stop must say
     */
    record Change(String statement, String reason) {}

    abstract Endpoint database() throws Exception;

    /** A table shop.item: id integer key, name text, price decimal, note text. */
    abstract List<String> schema();

    abstract List<Change> changes();

    @Test
    void stopsJustBeforeEachChangeOfATableAndGoesOnFromThere() throws Exception {
        Endpoint database = database();
        CaptureContract.execute(database, schema().toArray(new String[0]));
        BarrierWriter.prepare(database, Direction.FORWARD, 1);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
            TopicSetup.create(kafka.bootstrap(), TOPICS, 1);
            try (ConnectWorker worker = ConnectWorker.start(kafka.bootstrap(), TOPICS, 1);
                    BarrierWriter barriers = BarrierWriter.start(
                            database, Direction.FORWARD, Duration.ofMillis(200), Clock.systemUTC())) {
                Capture capture = Capture.start(config(worker, kafka, database, Position.SNAPSHOT));
                int key = 10;
                for (Change change : changes()) {
                    key += 10;
                    awaitBarrier(kafka, capture, barriers.write());
                    CaptureContract.execute(
                            database, insert(key), change.statement(), insert(key + 1), insert(key + 2));
                    Stop stop = awaitStop(capture, change.statement());
                    assertThat(stop.kind()).as(stop.reason()).isEqualTo(Stop.Kind.CHANGED);
                    assertThat(stop.reason()).contains(change.reason()).doesNotContain("\n");
                    assertThat(keys(kafka))
                            .as("after " + change.statement())
                            .contains(key)
                            .doesNotContain(key + 1, key + 2);

                    if (key == 20) { // the names show again at every start
                        capture.restart();
                        Stop again = awaitStop(capture, change.statement());
                        assertThat(again.reason()).as("nobody has resumed it").isEqualTo(stop.reason());
                    }
                    capture.halt();

                    capture = Capture.start(
                            config(worker, kafka, database, stop.position().orElseThrow()));
                    awaitBarrier(kafka, capture, barriers.write());
                    assertThat(keys(kafka)).contains(key + 1, key + 2).doesNotHaveDuplicates();
                }
                capture.remove();
            }
        }
    }

    private static String insert(int key) {
        return "insert into shop.item (id, name) values (" + key + ", 'n')";
    }

    private static CaptureConfig config(ConnectWorker worker, EmbeddedKafka kafka, Endpoint database, Position passed)
            throws Exception {
        TableMapping table = CaptureContract.mapping(database);
        List<String> columns = Agreed.carried(table, Side.SOURCE);
        return new CaptureConfig(
                worker.url(),
                kafka.bootstrap(),
                TOPICS,
                Side.SOURCE,
                database,
                List.of(table),
                0,
                CopyRules.DEFAULT,
                new Agreed(Map.of(table.id(), new AgreedColumns(columns, columns, List.of())), passed));
    }

    private static Stop awaitStop(Capture capture, String after) {
        return Awaitility.await("stop after " + after)
                .atMost(PATIENCE)
                .until(
                        () -> Tending.look(capture),
                        stop -> stop.filter(s -> s.kind() != Stop.Kind.AWAY).isPresent())
                .orElseThrow();
    }

    private static void awaitBarrier(EmbeddedKafka kafka, Capture capture, long micros) throws Exception {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            Tending.tend(capture);
            return newestBarrier(kafka) >= micros;
        });
    }

    private static long newestBarrier(EmbeddedKafka kafka) {
        return read(kafka).stream()
                .flatMap(record -> Barrier.in(Messages.decodeChange(record.value())).stream())
                .mapToLong(Barrier::micros)
                .max()
                .orElse(0);
    }

    private static List<org.apache.kafka.clients.consumer.ConsumerRecord<byte[], byte[]>> read(EmbeddedKafka kafka) {
        Properties client = new Properties();
        client.put("bootstrap.servers", kafka.bootstrap());
        return TopicReader.readAll(client, new TopicPartition(TOPICS.sourceChanges(), 0));
    }

    private static List<Integer> keys(EmbeddedKafka kafka) {
        return read(kafka).stream()
                .map(record -> Messages.decodeKey(record.key()))
                .filter(key -> key.table().equals("shop.item"))
                .map(key -> Integer.parseInt(key.display().replaceAll("\\D", "")))
                .toList();
    }
}
