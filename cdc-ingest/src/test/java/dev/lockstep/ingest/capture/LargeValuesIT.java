package dev.lockstep.ingest.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.ingest.barrier.BarrierWriter;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
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
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of values of 100 kB and of 64 MB in rows whose other column changes. */
class LargeValuesIT {

    private static final Topics TOPICS = new Topics("large");

    @TempDir
    Path directory;

    @Test
    void arrivesWholeWithFullReplicaIdentityAndStopsTheCaptureWithout() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 16, "127.0.0.1");
                EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
            postgres.createDatabase("shop");
            Endpoint database = new Endpoint(postgres.url("shop"), postgres.user(), null);
            CaptureContract.execute(
                    database,
                    "create schema shop",
                    "create table shop.whole (id int primary key, n int, note text)",
                    "create table shop.cut (id int primary key, n int, note text)",
                    "alter table shop.whole replica identity full");
            BarrierWriter.prepare(database, Direction.FORWARD, 1);
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
                        List.of(mapping("whole"), mapping("cut")),
                        0,
                        CopyRules.DEFAULT));
                await(() -> {
                    Tending.tend(capture);
                    barriers.write();
                    return events(kafka).stream()
                            .anyMatch(event -> Barrier.in(event).isPresent());
                });

                String large = "(select string_agg(md5(n::text), '') from generate_series(1, 3200) n)";
                CaptureContract.execute(
                        database,
                        "insert into shop.whole values (1, 1, " + large + ")",
                        "update shop.whole set n = 2 where id = 1",
                        "insert into shop.cut values (1, 1, " + large + ")");
                await(() -> events(kafka).stream().anyMatch(event -> isWholeUpdate(event, 32 * 3200)));

                CaptureContract.execute(
                        database,
                        "insert into shop.whole values (2, 1, repeat('x', 64 << 20))",
                        "update shop.whole set n = 2 where id = 2");
                await(() -> {
                    Tending.tend(capture);
                    return events(kafka).stream().anyMatch(event -> isWholeUpdate(event, 64 << 20));
                });

                CaptureContract.execute(database, "update shop.cut set n = 2 where id = 1");
                await(() -> capture.failure().isPresent());
                assertThat(capture.failure().orElseThrow())
                        .contains("shop.cut.note of row (1)", "leaves out", "REPLICA IDENTITY FULL");
            }
        }
    }

    private static boolean isWholeUpdate(ChangeEvent event, int length) {
        return event.operation() == Operation.UPDATE
                && event.table().equals("shop.whole")
                && event.after().get(2) instanceof Value.Text note
                && note.value().length() == length;
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(300))
                .until(condition);
    }

    private static List<ChangeEvent> events(EmbeddedKafka kafka) {
        Properties client = new Properties();
        client.put("bootstrap.servers", kafka.bootstrap());
        List<ChangeEvent> events = new java.util.ArrayList<>();
        TopicReader.readAll(client, new TopicPartition(TOPICS.sourceChanges(), 0))
                .forEach(record -> events.add(Messages.decodeChange(record.value())));
        return events;
    }

    private static TableMapping mapping(String name) {
        TableId id = new TableId("shop", name);
        List<ColumnMapping> columns = List.of(
                new ColumnMapping("id", Kind.NUMBER, "integer", "id", "integer"),
                new ColumnMapping("n", Kind.NUMBER, "integer", "n", "integer"),
                new ColumnMapping("note", Kind.TEXT, "text", "note", "text"));
        return new TableMapping(id, id, columns, List.of(0), 0);
    }
}
