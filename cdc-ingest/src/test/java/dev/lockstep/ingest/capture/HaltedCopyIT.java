package dev.lockstep.ingest.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.ingest.barrier.BarrierWriter;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.TopicReader;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration.CopyRules;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pause comes while a lane is still copying: its log is not followed before the next run. */
class HaltedCopyIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Topics TOPICS = new Topics("halted");

    @TempDir
    Path directory;

    @Test
    void goesOnToItsEndAndIsNotFollowedBeforeTheNextRun() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 17, "127.0.0.1");
                EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
            postgres.createDatabase("shop");
            Endpoint database = new Endpoint(postgres.url("shop"), postgres.user(), null);
            CaptureContract.execute(
                    database,
                    "create schema shop",
                    "create table shop.item (id int primary key, name text)",
                    "insert into shop.item select n, 'n' from generate_series(1, 30) n");
            BarrierWriter.prepare(database, Direction.FORWARD, 1);
            TopicSetup.create(kafka.bootstrap(), TOPICS, 1);
            try (ConnectWorker worker = ConnectWorker.start(kafka.bootstrap(), TOPICS, 1)) {
                ConnectClient connect = new ConnectClient(worker.url());
                CaptureConfig slow = config(worker, kafka, database, new CopyRules(1, 10, 0));
                try (Capture capture = Capture.start(slow)) {
                    Awaitility.await()
                            .atMost(PATIENCE)
                            .until(() -> capture.progress().rows() > 0);
                    capture.halt();
                    Awaitility.await()
                            .atMost(PATIENCE)
                            .until(() -> capture.progress().done() && connect.exists(slow.name()));
                    Awaitility.await()
                            .atMost(PATIENCE)
                            .until(() -> connect.state(slow.name())
                                    .map(ConnectClient.State::state)
                                    .orElse("")
                                    .equals("STOPPED"));
                    assertThat(capture.stop()).isEmpty();
                }

                Capture next = Capture.start(slow);
                try (BarrierWriter barriers =
                        BarrierWriter.start(database, Direction.FORWARD, Duration.ofHours(1), Clock.systemUTC())) {
                    long micros = barriers.write();
                    Awaitility.await().atMost(PATIENCE).until(() -> {
                        Tending.tend(next);
                        return hasBarrier(kafka, micros);
                    });
                }
                next.remove();
            }
        }
    }

    private static boolean hasBarrier(EmbeddedKafka kafka, long micros) {
        Properties client = new Properties();
        client.put("bootstrap.servers", kafka.bootstrap());
        return TopicReader.readAll(client, new TopicPartition(TOPICS.sourceChanges(), 0)).stream()
                .flatMap(record -> Barrier.in(Messages.decodeChange(record.value())).stream())
                .anyMatch(barrier -> barrier.micros() == micros);
    }

    private static CaptureConfig config(ConnectWorker worker, EmbeddedKafka kafka, Endpoint database, CopyRules rules)
            throws Exception {
        return new CaptureConfig(
                worker.url(),
                kafka.bootstrap(),
                TOPICS,
                Side.SOURCE,
                database,
                List.of(CaptureContract.mapping(database)),
                0,
                rules);
    }
}
