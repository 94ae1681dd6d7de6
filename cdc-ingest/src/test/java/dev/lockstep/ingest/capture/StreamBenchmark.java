package dev.lockstep.ingest.capture;

import static org.awaitility.Awaitility.await;

import com.sun.management.OperatingSystemMXBean;
import dev.lockstep.ingest.barrier.BarrierWriter;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration.CopyRules;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Table;
import dev.lockstep.schemas.table.TableMapping;
import io.debezium.connector.mariadb.MariaDbConnector;
import io.debezium.connector.postgresql.PostgresConnector;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A backlog of updates through our capture, transform and all, and through the bare connector with a converter that does nothing, in turns
 * on one worker. On request: {@code -Dlockstep.stream.changes=500000}, and {@code -Dlockstep.stream.rounds} and
 * {@code -Dlockstep.stream.engines} where less is wanted.
 */
@EnabledIfSystemProperty(named = "lockstep.stream.changes", matches = "[0-9]+")
class StreamBenchmark {

    private static final int CHANGES = Integer.getInteger("lockstep.stream.changes", 0);
    private static final int ROUNDS = Integer.getInteger("lockstep.stream.rounds", 3);
    private static final String ENGINES = System.getProperty("lockstep.stream.engines", "postgresql,mariadb");
    private static final int IN_TRANSACTION = 100;
    private static final int ROWS = 10_000;
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Topics TOPICS = new Topics("stream");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "mariadb"})
    void changesASecond(String engine) throws Exception {
        if (!Arrays.asList(ENGINES.split(",")).contains(engine)) return;
        boolean postgres = engine.equals("postgresql");
        try (AutoCloseable server = postgres
                        ? EmbeddedPostgres.start(directory.resolve("db"), 17, "127.0.0.1")
                        : EmbeddedMariaDb.start(directory.resolve("db"), "127.0.0.1");
                EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
            Endpoint database = shop(server);
            TopicSetup.create(kafka.bootstrap(), TOPICS, 1);
            String bareTopic = postgres ? "bare.public.item" : "bare.shop.item";
            TopicSetup.createForever(kafka.bootstrap(), bareTopic);
            TopicSetup.createForever(kafka.bootstrap(), "bare.schema-history");
            try (ConnectWorker worker = ConnectWorker.start(kafka.bootstrap(), TOPICS, 1);
                    Capture capture = Capture.start(config(worker, kafka, database))) {
                String ours = config(worker, kafka, database).name();
                new ConnectClient(worker.url()).put("bare", bare(config(worker, kafka, database), postgres));
                TopicPartition oursAt = new TopicPartition(TOPICS.sourceChanges(), 0);
                TopicPartition bareAt = new TopicPartition(bareTopic, 0);
                awaitFollowing(kafka, database, oursAt);
                awaitFollowing(kafka, database, bareAt);
                List<Double> ratios = new ArrayList<>();
                for (int round = 0; round < ROUNDS; round++) {
                    stop(worker, ours);
                    stop(worker, "bare");
                    backlog(database);
                    double lockstep = measure(engine + " lockstep", worker, ours, kafka, oursAt);
                    double bare = measure(engine + " bare connector", worker, "bare", kafka, bareAt);
                    ratios.add(lockstep / bare);
                }
                System.out.printf(
                        "%s: median ratio %.2f of %s%n",
                        engine, ratios.stream().sorted().toList().get(ROUNDS / 2), ratios);
                capture.remove();
            }
        }
    }

    private static Endpoint shop(AutoCloseable server) throws SQLException {
        Endpoint endpoint;
        if (server instanceof EmbeddedPostgres postgres) {
            postgres.createDatabase("shop");
            endpoint = new Endpoint(postgres.url("shop"), postgres.user(), null);
        } else {
            EmbeddedMariaDb mariaDb = (EmbeddedMariaDb) server;
            mariaDb.createDatabase("shop");
            endpoint = new Endpoint(mariaDb.url("shop"), mariaDb.user(), null);
        }
        execute(
                endpoint,
                "create table item (id bigint primary key, customer bigint, amount decimal(12,2), state varchar(20),"
                        + " email varchar(60), note varchar(200), created timestamp)");
        BarrierWriter.prepare(endpoint, Direction.FORWARD, 1);
        for (int id = 1; id <= ROWS; id += 1000) {
            StringBuilder rows = new StringBuilder("insert into item values ");
            for (int i = id; i < id + 1000; i++)
                rows.append(i > id ? "," : "")
                        .append("(%d, %d, 1.25, 'open', 'customer%d@example.com', '%s', '2026-01-01 00:00:00')"
                                .formatted(i, i % 100, i, "x".repeat(100)));
            execute(endpoint, rows.toString());
        }
        return endpoint;
    }

    private static CaptureConfig config(ConnectWorker worker, EmbeddedKafka kafka, Endpoint database)
            throws SQLException {
        return new CaptureConfig(
                worker.url(),
                kafka.bootstrap(),
                TOPICS,
                Side.SOURCE,
                database,
                List.of(mapping(database)),
                0,
                CopyRules.DEFAULT);
    }

    private static TableMapping mapping(Endpoint database) throws SQLException {
        try (Connection connection = database.connect()) {
            Table table = database.dialect().readTables(connection).stream()
                    .filter(t -> t.id().name().equals("item"))
                    .findFirst()
                    .orElseThrow();
            List<ColumnMapping> columns = table.columns().stream()
                    .map(c -> new ColumnMapping(c.name(), c.kind(), c.type(), c.name(), c.type()))
                    .toList();
            return new TableMapping(table.id(), table.id(), columns, List.of(0), 0);
        }
    }

    /** Debezium's own connector with the same settings, without converters, transform, transaction metadata and values. */
    private static Map<String, String> bare(CaptureConfig config, boolean postgres) {
        Map<String, String> settings = ConnectorSettings.of(config, "*", Map.of());
        settings.keySet()
                .removeIf(key ->
                        key.startsWith("transforms") || key.startsWith("converters") || key.startsWith("lockstep."));
        settings.put("connector.class", (postgres ? PostgresConnector.class : MariaDbConnector.class).getName());
        settings.put("provide.transaction.metadata", "false");
        settings.remove("extended.headers.enabled");
        settings.put("topic.prefix", "bare");
        settings.put("table.include.list", postgres ? "public.item" : "shop.item");
        settings.put("snapshot.mode", "no_data");
        settings.remove("snapshot.mode.custom.name");
        settings.put("key.converter", NullConverter.class.getName());
        settings.put("value.converter", NullConverter.class.getName());
        if (postgres) {
            settings.put("slot.name", "bare");
            settings.put("publication.name", "bare");
            settings.put("publication.autocreate.mode", "filtered");
        } else {
            settings.put("include.schema.changes", "false");
            settings.put("database.server.id", "99");
            settings.put("schema.history.internal.kafka.topic", "bare.schema-history");
        }
        return settings;
    }

    private static void awaitFollowing(EmbeddedKafka kafka, Endpoint database, TopicPartition topic) {
        try (Reader reader = new Reader(kafka, topic)) {
            await().pollInterval(Duration.ofMillis(500)).atMost(LONG).until(() -> {
                execute(database, "update item set customer = customer + 1 where id = 1");
                reader.poll();
                return reader.changes > 0;
            });
        }
    }

    private static void backlog(Endpoint database) throws SQLException {
        try (Connection connection = database.connectWriter();
                var statement = connection.createStatement()) {
            for (int change = 0; change < CHANGES; change += IN_TRANSACTION) {
                int first = change % ROWS + 1;
                statement.execute("update item set customer = customer + 1, amount = amount + 0.25 where id between "
                        + first + " and " + (first + IN_TRANSACTION - 1));
            }
        }
    }

    /** Changes a second from the first to the last of the backlog, by the times at which they were handed to Kafka. */
    private static double measure(
            String name, ConnectWorker worker, String connector, EmbeddedKafka kafka, TopicPartition topic)
            throws Exception {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (Reader reader = new Reader(kafka, topic)) {
            put(worker, connector, "resume");
            long cpu = 0;
            long end = System.nanoTime() + LONG.toNanos();
            while (reader.changes < CHANGES && System.nanoTime() < end) {
                reader.poll();
                if (cpu == 0 && reader.changes > 0) cpu = system.getProcessCpuTime();
            }
            double seconds = (reader.last - reader.first) / 1e3;
            System.out.printf(
                    "%s: %,.0f changes/s (%,d in %.1f s, this process %.1f us of CPU a change, load %.1f)%n",
                    name,
                    reader.changes / seconds,
                    reader.changes,
                    seconds,
                    (system.getProcessCpuTime() - cpu) / 1e3 / CHANGES,
                    system.getSystemLoadAverage());
            stop(worker, connector);
            return reader.changes / seconds;
        }
    }

    private static void stop(ConnectWorker worker, String connector) throws Exception {
        put(worker, connector, "stop");
        await().atMost(LONG)
                .until(() -> send(HttpRequest.newBuilder(worker.url().resolve("/connectors/" + connector + "/status")))
                        .body()
                        .contains("\"tasks\":[]"));
    }

    private static void put(ConnectWorker worker, String connector, String order) throws Exception {
        URI url = worker.url().resolve("/connectors/" + connector + "/" + order);
        HttpResponse<String> answer = send(HttpRequest.newBuilder(url).PUT(HttpRequest.BodyPublishers.noBody()));
        if (answer.statusCode() >= 300) throw new IllegalStateException(order + ": " + answer.body());
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void execute(Endpoint database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** What is committed in a topic from now on. */
    private static final class Reader implements AutoCloseable {

        private final KafkaConsumer<byte[], byte[]> consumer;
        private int changes;
        private long first;
        private long last;

        Reader(EmbeddedKafka kafka, TopicPartition topic) {
            consumer = new KafkaConsumer<>(
                    Map.of(
                            "bootstrap.servers",
                            kafka.bootstrap(),
                            "isolation.level",
                            "read_committed",
                            "max.poll.records",
                            10_000,
                            "max.partition.fetch.bytes",
                            8 << 20),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer());
            consumer.assign(List.of(topic));
            consumer.seekToEnd(List.of(topic));
            consumer.position(topic);
        }

        void poll() {
            for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofMillis(100))) {
                if (!isChange(message.value())) continue;
                if (changes++ == 0) first = message.timestamp();
                last = message.timestamp();
            }
        }

        private static boolean isChange(byte[] message) {
            return message.length == 0 || Messages.headOf(message).operation() == Operation.UPDATE;
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
