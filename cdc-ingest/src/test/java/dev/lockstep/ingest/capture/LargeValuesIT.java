package dev.lockstep.ingest.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.ingest.barrier.BarrierWriter;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
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

    /** A capture of tables of the schema {@code shop}, made before anything is in them. */
    private record Following(Endpoint database, EmbeddedKafka kafka, Capture capture) {

        void execute(String... statements) throws Exception {
            CaptureContract.execute(database, statements);
        }

        void awaitUpdate(String table, int length) {
            await(() -> {
                Tending.tend(capture);
                return events(kafka).stream().anyMatch(event -> isUpdate(event, table, length));
            });
        }
    }

    private interface Steps {
        void run(Following following) throws Exception;
    }

    @Test
    void arrivesWholeFromPostgresWithFullReplicaIdentityAndStopsTheCaptureWithout() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 16, "127.0.0.1")) {
            postgres.createDatabase("shop");
            Endpoint database = new Endpoint(postgres.url("shop"), postgres.user(), null);
            CaptureContract.execute(
                    database,
                    "create schema shop",
                    "create table shop.whole (id int primary key, n int, note text)",
                    "create table shop.cut (id int primary key, n int, note text)",
                    "alter table shop.whole replica identity full");
            follow(database, "text", List.of("whole", "cut"), shop -> {
                String large = "(select string_agg(md5(n::text), '') from generate_series(1, 3200) n)";
                shop.execute(
                        "insert into shop.whole values (1, 1, " + large + ")",
                        "update shop.whole set n = 2 where id = 1",
                        "insert into shop.cut values (1, 1, " + large + ")");
                shop.awaitUpdate("whole", 32 * 3200);

                shop.execute(
                        "insert into shop.whole values (2, 1, repeat('x', 64 << 20))",
                        "update shop.whole set n = 2 where id = 2");
                shop.awaitUpdate("whole", 64 << 20);

                shop.execute("update shop.cut set n = 2 where id = 1");
                await(() -> shop.capture.failure().isPresent());
                assertThat(shop.capture.failure().orElseThrow())
                        .contains("shop.cut.note of row (1)", "leaves out", "REPLICA IDENTITY FULL");
            });
        }
    }

    @Test
    void arrivesWholeFromABinlogAsLongAsItFitsIntoAMessageAndIsNamedWhereItDoesNot() throws Exception {
        try (EmbeddedMariaDb mariaDb = EmbeddedMariaDb.start(directory.resolve("mariadb"), "127.0.0.1")) {
            mariaDb.createDatabase("shop");
            Endpoint database = new Endpoint(mariaDb.url("shop"), mariaDb.user(), null);
            CaptureContract.execute(
                    database, "create table shop.whole (id int primary key, n int, note longtext) charset utf8mb4");
            follow(database, "longtext", List.of("whole"), shop -> {
                shop.execute(
                        "insert into shop.whole values (1, 1, repeat('x', 64 << 20))",
                        "update shop.whole set n = 2 where id = 1");
                shop.awaitUpdate("whole", 64 << 20);

                shop.execute("insert into shop.whole values (2, 1, repeat('x', 101 << 20))");
                await(() -> shop.capture.failure().isPresent());
                assertThat(shop.capture.failure().orElseThrow())
                        .contains("row shop.whole (2) takes 101 MB", "excludeColumns");
            });
        }
    }

    private void follow(Endpoint database, String text, List<String> tables, Steps steps) throws Exception {
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
                        tables.stream().map(name -> mapping(name, text)).toList(),
                        0,
                        CopyRules.DEFAULT));
                await(() -> {
                    Tending.tend(capture);
                    barriers.write();
                    return events(kafka).stream()
                            .anyMatch(event -> Barrier.in(event).isPresent());
                });
                steps.run(new Following(database, kafka, capture));
            }
        }
    }

    private static boolean isUpdate(ChangeEvent event, String table, int length) {
        return event.operation() == Operation.UPDATE
                && event.table().equals("shop." + table)
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

    private static TableMapping mapping(String name, String text) {
        TableId id = new TableId("shop", name);
        List<ColumnMapping> columns = List.of(
                new ColumnMapping("id", Kind.NUMBER, "integer", "id", "integer"),
                new ColumnMapping("n", Kind.NUMBER, "integer", "n", "integer"),
                new ColumnMapping("note", Kind.TEXT, text, "note", text));
        return new TableMapping(id, id, columns, List.of(0), 0);
    }
}
