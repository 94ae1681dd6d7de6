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
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.testing.DrawnTables;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of every type and value: the stream and a direct read of the same row give the same canonical bytes, and no two values the same. The
 * same of random tables, with rows from the initial copy too.
 */
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
        DrawnTables drawn = new DrawnTables(database, cases(), false, 30, "");
        drawn.create();
        drawn.fill();
        Map<String, Row> before = drawn.read(drawn.mappings());
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
                        Stream.concat(tables.mappings().stream(), drawn.mappings().stream())
                                .toList(),
                        0,
                        CopyRules.DEFAULT));
                Captured copied = awaitBarrier(kafka, capture, barriers);
                tables.fill();
                drawn.goOn();
                Captured streamed = awaitBarrier(kafka, capture, barriers);

                List<String> wrong = new ArrayList<>();
                tables.read((name, row) ->
                        compare(tables.describe(name), row, streamed.inserted().get(name), wrong));
                wrong.addAll(tables.alike());
                assertThat(wrong).isEmpty();
                assertThat(differences(before, copied.rows()))
                        .as(drawn.replay())
                        .isEmpty();
                assertThat(differences(drawn.read(drawn.mappings()), streamed.rows()))
                        .as(drawn.replay())
                        .isEmpty();
                assertThat(drawn.confused()).as(drawn.replay()).isEmpty();
            }
        }
    }

    private static void compare(String name, Row direct, Row streamed, List<String> wrong) {
        if (streamed == null) wrong.add(name + ": not in the stream");
        else if (!bytes(direct).equals(bytes(streamed)))
            wrong.add(name + ": direct " + direct.values() + ", stream " + streamed.values());
    }

    private static List<String> differences(Map<String, Row> direct, Map<String, Row> captured) {
        List<String> wrong = new ArrayList<>();
        direct.forEach((key, row) -> compare(key, row, captured.get(key), wrong));
        Set<String> tables =
                direct.keySet().stream().map(TypesContract::tableOf).collect(Collectors.toSet());
        captured.keySet().stream()
                .filter(key -> tables.contains(tableOf(key)) && !direct.containsKey(key))
                .forEach(key -> wrong.add(key + ": only in the stream"));
        return wrong;
    }

    private static String tableOf(String name) {
        return name.substring(0, name.lastIndexOf('#'));
    }

    static String bytes(Row row) {
        return HexFormat.of()
                .formatHex(new CanonicalEncoder().values(row.values()).toBytes());
    }

    /**
     * What came.
     *
     * @param inserted by table and key as they are shown
     * @param rows by {@link DrawnTables#name}, as they stand after all of it
     */
    private record Captured(Map<String, Row> inserted, Map<String, Row> rows) {}

    /** What has come when a new barrier has. */
    private static Captured awaitBarrier(EmbeddedKafka kafka, Capture capture, BarrierWriter barriers) {
        List<Long> written = new ArrayList<>();
        Captured captured = new Captured(new HashMap<>(), new HashMap<>());
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    Tending.tend(capture);
                    written.add(barriers.write());
                    return read(kafka, captured).stream().anyMatch(written::contains);
                });
        return captured;
    }

    private static List<Long> read(EmbeddedKafka kafka, Captured captured) {
        Properties client = new Properties();
        client.put("bootstrap.servers", kafka.bootstrap());
        List<Long> barriers = new ArrayList<>();
        captured.rows().clear();
        TopicReader.readAll(client, new TopicPartition(TOPICS.sourceChanges(), 0))
                .forEach(r -> {
                    ChangeEvent event = Messages.decodeChange(r.value());
                    Barrier.in(event).ifPresent(b -> barriers.add(b.micros()));
                    if (event.operation() != Operation.COMMIT) take(Messages.decodeKey(r.key()), event, captured);
                });
        return barriers;
    }

    private static void take(RowKey key, ChangeEvent event, Captured captured) {
        Row after = event.after();
        if (after == null) captured.rows().remove(DrawnTables.name(key));
        else captured.rows().put(DrawnTables.name(key), after);
        if (event.operation() == Operation.INSERT) captured.inserted().put(event.table() + key.display(), after);
    }
}
