package dev.lockstep.ingest.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.ingest.barrier.BarrierWriter;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.TopicReader;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration.CopyRules;
import dev.lockstep.schemas.row.CanonicalEncoder;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.testing.TypeCase;
import dev.lockstep.schemas.testing.TypeTables;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of every type and value: the stream and a direct read of the same row give the same canonical bytes, and no two values the same. */
abstract class TypesContract {

    private static final Topics TOPICS = new Topics("types");

    @TempDir
    Path directory;

    abstract Endpoint database() throws Exception;

    abstract List<String> setup();

    abstract List<TypeCase> cases();

    @Test
    void streamAndDirectReadOfEveryTypeGiveTheSameBytesAndNoTwoValuesDo() throws Exception {
        Endpoint database = database();
        TypeTables tables = new TypeTables(database, cases());
        tables.create(setup());
        assertThat(tables.wrongKinds()).isEmpty();
        BarrierWriter.prepare(database, Direction.FORWARD, 1);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
            TopicSetup.create(kafka.bootstrap(), TOPICS, 1);
            try (ConnectWorker worker = ConnectWorker.start(kafka.bootstrap(), TOPICS, 1);
                    BarrierWriter barriers =
                            BarrierWriter.start(database, Direction.FORWARD, Duration.ofHours(1), Clock.systemUTC())) {
                Capture capture = Capture.start(new CaptureConfig(
                        worker.url(),
                        kafka.bootstrap(),
                        TOPICS,
                        Side.SOURCE,
                        database,
                        tables.mappings(),
                        0,
                        CopyRules.DEFAULT));
                awaitBarrier(kafka, capture, barriers);
                tables.fill();
                Map<String, Row> streamed = awaitBarrier(kafka, capture, barriers);

                List<String> wrong = new ArrayList<>();
                tables.read((name, row) -> compare(tables.describe(name), row, streamed.get(name), wrong));
                wrong.addAll(tables.alike());
                assertThat(wrong).isEmpty();
            }
        }
    }

    private static void compare(String name, Row direct, Row streamed, List<String> wrong) {
        if (streamed == null) wrong.add(name + ": not in the stream");
        else if (!bytes(direct).equals(bytes(streamed)))
            wrong.add(name + ": direct " + direct.values() + ", stream " + streamed.values());
    }

    static String bytes(Row row) {
        return HexFormat.of()
                .formatHex(new CanonicalEncoder().values(row.values()).toBytes());
    }

    /** What has come when a new barrier has. */
    private static Map<String, Row> awaitBarrier(EmbeddedKafka kafka, Capture capture, BarrierWriter barriers) {
        List<Long> written = new ArrayList<>();
        Map<String, Row> rows = new HashMap<>();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    assertThat(capture.failure()).isEmpty();
                    written.add(barriers.write());
                    return read(kafka, rows).stream().anyMatch(written::contains);
                });
        return rows;
    }

    private static List<Long> read(EmbeddedKafka kafka, Map<String, Row> rows) {
        Properties client = new Properties();
        client.put("bootstrap.servers", kafka.bootstrap());
        List<Long> barriers = new ArrayList<>();
        TopicReader.readAll(client, new TopicPartition(TOPICS.sourceChanges(), 0))
                .forEach(r -> {
                    ChangeEvent event = Messages.decodeChange(r.value());
                    Barrier.in(event).ifPresent(b -> barriers.add(b.micros()));
                    if (event.operation() == Operation.INSERT)
                        rows.put(event.table() + Messages.decodeKey(r.key()).display(), event.after());
                });
        return barriers;
    }
}
