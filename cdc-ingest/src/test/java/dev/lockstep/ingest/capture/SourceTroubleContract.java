package dev.lockstep.ingest.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.ingest.barrier.BarrierWriter;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Position;
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
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every engine's capture guarantees when its database is in trouble: it outlasts what passes, and never skips what is gone. */
abstract class SourceTroubleContract {

    private static final Topics TOPICS = new Topics("trouble");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    /** With a table shop.item (id int primary key, name). */
    abstract Endpoint database() throws Exception;

    abstract int port();

    /** Ends the server's sessions as a crash does; it comes back with the same data at the same place. */
    abstract void crash() throws Exception;

    /** Makes the server forget the changes that a capture which stands still has not read. */
    abstract void loseTheLog() throws Exception;

    /** Another server takes over, with what the first one had, and the line leads to it; where a test has a second one. */
    void failOver(CutLine line) throws Exception {}

    /** What only one engine has to show while the capture runs. */
    void whileItRuns() throws Exception {}

    @Test
    void outlastsWhatPassesAndNeverSkipsWhatIsGone() throws Exception {
        Endpoint direct = database();
        BarrierWriter.prepare(direct, Direction.FORWARD, 1);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
                CutLine line = new CutLine(port())) {
            Endpoint database = new Endpoint(
                    direct.url().replace(":" + port(), ":" + line.port()), direct.user(), direct.password());
            TopicSetup.create(kafka.bootstrap(), TOPICS, 1);
            try (ConnectWorker worker = ConnectWorker.start(kafka.bootstrap(), TOPICS, 1);
                    BarrierWriter barriers = BarrierWriter.start(
                            database, Direction.FORWARD, Duration.ofMillis(200), Clock.systemUTC())) {
                CaptureConfig config = new CaptureConfig(
                        worker.url(),
                        kafka.bootstrap(),
                        TOPICS,
                        Side.SOURCE,
                        database,
                        List.of(CaptureContract.mapping(direct)),
                        0,
                        CopyRules.DEFAULT);
                line.cut();
                Capture capture = Capture.start(config);
                Awaitility.await("the copy cannot begin")
                        .atMost(PATIENCE)
                        .until(() -> capture.stop().map(Stop::kind).equals(Optional.of(Stop.Kind.AWAY)));
                line.mend();
                awaitBarrier(kafka, capture, written(barriers));
                whileItRuns();

                line.cut();
                CaptureContract.execute(direct, "insert into shop.item values (1, 'while the line was cut')");
                Thread.sleep(3000); // long enough for the connector to try in vain
                line.mend();
                awaitBarrier(kafka, capture, written(barriers));
                assertThat(keys(kafka)).containsExactly("(1)");

                crash();
                insert(database, "(2, 'after the crash')");
                awaitBarrier(kafka, capture, written(barriers));
                assertThat(keys(kafka)).containsExactly("(1)", "(2)");

                CaptureContract.execute(database, "insert into shop.item values (3, 'before the failover')");
                failOver(line);
                insert(database, "(4, 'after the failover')");
                awaitBarrier(kafka, capture, written(barriers));
                assertThat(keys(kafka)).containsExactly("(1)", "(2)", "(3)", "(4)");
                assertThat(positions(kafka)).isSorted().doesNotHaveDuplicates();

                capture.halt();
                Awaitility.await().atMost(PATIENCE).until(() -> !capture.isRunning());
                loseTheLog();
                Capture again = Capture.start(config);
                Stop stop = Awaitility.await()
                        .atMost(PATIENCE)
                        .until(
                                () -> Tending.look(again),
                                s -> s.filter(x -> x.kind() == Stop.Kind.LOST).isPresent())
                        .orElseThrow();
                assertThat(stop.reason())
                        .matches("(?s).*(the binlog was purged|no longer available on the server|replication slot).*");
                again.restart();
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> Tending.look(again).isPresent());
                assertThat(keys(kafka))
                        .as("neither skipped nor copied anew")
                        .containsExactly("(1)", "(2)", "(3)", "(4)");
            }
        }
    }

    private static void insert(Endpoint database, String row) {
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            CaptureContract.execute(database, "insert into shop.item values " + row);
            return true;
        });
    }

    private static long written(BarrierWriter barriers) {
        return Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(barriers::write, micros -> true);
    }

    private static void awaitBarrier(EmbeddedKafka kafka, Capture capture, long micros) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
            Tending.tend(capture);
            return read(kafka).stream()
                    .flatMap(r -> Barrier.in(Messages.decodeChange(r.value())).stream())
                    .anyMatch(b -> b.micros() >= micros);
        });
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(EmbeddedKafka kafka) {
        Properties client = new Properties();
        client.put("bootstrap.servers", kafka.bootstrap());
        return TopicReader.readAll(client, new TopicPartition(TOPICS.sourceChanges(), 0));
    }

    /** Of all that was streamed, the barriers among it: by them what is known already is told. */
    private static List<Position> positions(EmbeddedKafka kafka) {
        return read(kafka).stream()
                .map(record -> Messages.decodeChange(record.value()))
                .filter(change -> change.operation() != Operation.READ && change.operation() != Operation.COMMIT)
                .map(ChangeEvent::position)
                .toList();
    }

    private static List<String> keys(EmbeddedKafka kafka) {
        return read(kafka).stream()
                .map(record -> Messages.decodeKey(record.key()))
                .filter(key -> key.table().equals("shop.item"))
                .map(key -> key.display())
                .toList();
    }
}
