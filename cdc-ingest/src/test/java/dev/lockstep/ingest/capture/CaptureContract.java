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
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Table;
import dev.lockstep.schemas.table.TableMapping;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every engine's capture guarantees: the copy, then each commit, in order, once, with barriers and transaction ends. */
abstract class CaptureContract {

    private static final Topics TOPICS = new Topics("contract");

    @TempDir
    Path directory;

    private record Change(RowKey key, ChangeEvent event) {}

    abstract Endpoint database() throws Exception;

    /** A table shop.item: id integer key, name text, price decimal, note of a column's own, with two rows 1 and 2. */
    abstract List<String> schema();

    @Test
    void carriesTheCopyThenEveryCommitInOrderAndCarriesOnAfterARestart() throws Exception {
        Endpoint database = database();
        execute(database, schema().toArray(new String[0]));
        BarrierWriter.prepare(database, Direction.FORWARD, 1);
        TableMapping table = mapping(database);
        Path kafkaData = directory.resolve("kafka");

        long barrier;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(kafkaData)) {
            TopicSetup.create(kafka.bootstrap(), TOPICS, 1);
            try (ConnectWorker worker = ConnectWorker.start(kafka.bootstrap(), TOPICS, 1);
                    BarrierWriter barriers =
                            BarrierWriter.start(database, Direction.FORWARD, Duration.ofHours(1), Clock.systemUTC())) {
                Capture capture = Capture.start(config(worker, kafka, database, table));
                awaitStreaming(kafka, barriers, capture);
                execute(
                        database,
                        "begin",
                        "insert into shop.item values (3, 'drei \uD83D\uDE80', 3.50, null)",
                        "update shop.item set price = 1.25 where id = 1",
                        "delete from shop.item where id = 2",
                        "commit",
                        "update shop.item set id = 4 where id = 3");
                barrier = barriers.write();
                List<Change> changes = awaitBarrier(kafka, capture, barrier);

                assertThat(operations(changes))
                        .containsExactly(
                                "READ(1)",
                                "READ(2)",
                                "INSERT(3)",
                                "UPDATE(1)",
                                "DELETE(2)",
                                "COMMIT",
                                "DELETE(3)",
                                "INSERT(4)",
                                "COMMIT");
                assertThat(event(changes, "INSERT(3)").after().values().subList(0, 2))
                        .containsExactly(new Value.Whole(3), new Value.Text("drei \uD83D\uDE80"));
                Row updated = new Row(List.of(
                        new Value.Whole(1),
                        new Value.Text("eins"),
                        new Value.Exact(new BigDecimal("1.25")),
                        new Value.Text("n")));
                assertThat(event(changes, "UPDATE(1)").after()).isEqualTo(updated);
                assertInOrder(changes);
            }
        }

        execute(database, "insert into shop.item values (9, 'neun', 9, 'while away')");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(kafkaData);
                ConnectWorker worker = ConnectWorker.start(kafka.bootstrap(), TOPICS, 1);
                BarrierWriter barriers =
                        BarrierWriter.start(database, Direction.FORWARD, Duration.ofHours(1), Clock.systemUTC())) {
            Capture capture = Capture.start(config(worker, kafka, database, table));
            long later = barriers.write();
            assertThat(later).isGreaterThan(barrier);
            assertThat(operations(awaitBarrier(kafka, capture, later))).endsWith("COMMIT", "INSERT(9)", "COMMIT");
            assertThat(operations(awaitBarrier(kafka, capture, later)))
                    .containsOnlyOnce("INSERT(9)", "INSERT(3)", "READ(1)");
            Tending.tend(capture);
            capture.remove();
        }
    }

    /** Beyond what is held back until a transaction's end comes, in statements whose rows the log keeps together. */
    void insertMany(Connection connection, int from, int to) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (int first = from; first < to; first += 1000)
                statement.execute(IntStream.range(first, Math.min(first + 1000, to))
                        .mapToObj(id -> "(" + id + ", 'n', 1, null)")
                        .collect(Collectors.joining(", ", "insert into shop.item values ", "")));
        }
    }

    @Test
    void losesAndRepeatsNothingWhenItIsStoppedInsideAHugeTransaction() throws Exception {
        Endpoint database = database();
        execute(database, schema().toArray(new String[0]));
        BarrierWriter.prepare(database, Direction.FORWARD, 1);
        TableMapping table = mapping(database);
        int rows = 60_000;
        int moved = 15_000;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
            TopicSetup.create(kafka.bootstrap(), TOPICS, 1);
            try (ConnectWorker worker = ConnectWorker.start(kafka.bootstrap(), TOPICS, 1);
                    BarrierWriter barriers =
                            BarrierWriter.start(database, Direction.FORWARD, Duration.ofHours(1), Clock.systemUTC())) {
                CaptureConfig config = config(worker, kafka, database, table);
                Capture capture = Capture.start(config);
                awaitStreaming(kafka, barriers, capture);
                try (Connection connection = database.connect()) {
                    connection.setAutoCommit(false);
                    insertMany(connection, 10, 10 + rows / 2);
                    execute(database, "insert into shop.item values (5, 'fünf', 5, 'ends before')");
                    insertMany(connection, 10 + rows / 2, 10 + rows);
                    try (var statement = connection.createStatement()) {
                        statement.execute("update shop.item set id = -id where id >= 10 and id < " + (10 + moved));
                    }
                    connection.commit();
                }
                long barrier = barriers.write();
                int inside = stopAgainAndAgain(new ConnectClient(worker.url()), config, kafka, rows + 2L * moved + 1);
                List<Change> changes = awaitBarrier(kafka, capture, barrier);

                assertThat(inside)
                        .as("stops between the first row and the last")
                        .isPositive();
                assertThat(keys(changes, Operation.INSERT))
                        .containsExactlyElementsOf(Stream.of(
                                        IntStream.of(5),
                                        IntStream.range(10, 10 + rows),
                                        IntStream.range(10, 10 + moved).map(id -> -id))
                                .flatMapToInt(ids -> ids)
                                .mapToObj(id -> "(" + id + ")")
                                .sorted()
                                .toList());
                assertThat(keys(changes, Operation.DELETE)).hasSize(moved);
                assertInOrder(changes);
                capture.remove();
            }
        }
    }

    /** A capture that has begun to stream. */
    Running start(Endpoint database) throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        TopicSetup.create(kafka.bootstrap(), TOPICS, 1);
        ConnectWorker worker = ConnectWorker.start(kafka.bootstrap(), TOPICS, 1);
        CaptureConfig config = config(worker, kafka, database, mapping(database));
        Running running = new Running(kafka, worker, config, Capture.start(config));
        try (BarrierWriter barriers =
                BarrierWriter.start(database, Direction.FORWARD, Duration.ofHours(1), Clock.systemUTC())) {
            awaitStreaming(kafka, barriers, running.capture);
        }
        return running;
    }

    record Running(EmbeddedKafka kafka, ConnectWorker worker, CaptureConfig config, Capture capture)
            implements AutoCloseable {

        /** Until no task of it can commit anything any more. */
        void halt() throws Exception {
            new ConnectClient(worker.url()).awaitHalt(config.name());
        }

        void goOn() throws Exception {
            new ConnectClient(worker.url()).goOn(config.name());
        }

        List<String> operations() {
            return CaptureContract.operations(read(kafka));
        }

        void await(String operation) {
            Awaitility.await(operation).atMost(Duration.ofSeconds(60)).until(() -> {
                Tending.tend(capture);
                return operations().contains(operation);
            });
        }

        void assertInOrder() {
            CaptureContract.assertInOrder(read(kafka));
        }

        @Override
        public void close() throws Exception {
            capture.remove();
            worker.close();
            kafka.close();
        }
    }

    /** Stops and goes on each time that some have come, until all have; how often only a part was there. */
    private static int stopAgainAndAgain(ConnectClient connect, CaptureConfig config, EmbeddedKafka kafka, long until)
            throws Exception {
        int inside = 0;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            long seen = committed(admin);
            while (seen < until) {
                long before = seen;
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> committed(admin) > before);
                connect.halt(config.name());
                seen = committed(admin);
                if (seen < until) inside++;
                connect.goOn(config.name());
            }
        }
        return inside;
    }

    private static void assertInOrder(List<Change> changes) {
        assertThat(changes.stream()
                        .map(Change::event)
                        .filter(e -> e.operation() != Operation.READ && e.operation() != Operation.COMMIT)
                        .map(ChangeEvent::position))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    private static long committed(Admin admin) throws Exception {
        TopicPartition lane = new TopicPartition(TOPICS.sourceChanges(), 0);
        return admin.listOffsets(
                        Map.of(lane, OffsetSpec.latest()), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .partitionResult(lane)
                .get()
                .offset();
    }

    private static List<String> keys(List<Change> changes, Operation operation) {
        return changes.stream()
                .filter(change -> change.key().table().equals("shop.item")
                        && change.event().operation() == operation)
                .map(change -> change.key().display())
                .sorted()
                .toList();
    }

    private static CaptureConfig config(
            ConnectWorker worker, EmbeddedKafka kafka, Endpoint database, TableMapping table) {
        return new CaptureConfig(
                worker.url(), kafka.bootstrap(), TOPICS, Side.SOURCE, database, List.of(table), 0, CopyRules.DEFAULT);
    }

    /** The snapshot is over once a barrier comes through. */
    private static void awaitStreaming(EmbeddedKafka kafka, BarrierWriter barriers, Capture capture) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    Tending.tend(capture);
                    barriers.write();
                    return read(kafka).stream()
                            .anyMatch(change -> Barrier.in(change.event()).isPresent());
                });
    }

    private static List<Change> awaitBarrier(EmbeddedKafka kafka, Capture capture, long micros) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            Tending.tend(capture);
            return read(kafka).stream()
                    .anyMatch(c -> Barrier.in(c.event())
                            .filter(b -> b.micros() == micros)
                            .isPresent());
        });
        return read(kafka);
    }

    private static List<Change> read(EmbeddedKafka kafka) {
        Properties client = new Properties();
        client.put("bootstrap.servers", kafka.bootstrap());
        List<Change> changes = new ArrayList<>();
        TopicReader.readAll(client, new TopicPartition(TOPICS.sourceChanges(), 0))
                .forEach(r -> changes.add(new Change(Messages.decodeKey(r.key()), Messages.decodeChange(r.value()))));
        return changes;
    }

    /** The item table's changes and the ends of their transactions. */
    private static List<String> operations(List<Change> changes) {
        List<String> operations = new ArrayList<>();
        for (Change change : changes) {
            if (change.event().operation() == Operation.COMMIT) {
                if (!operations.isEmpty()
                        && !operations.get(operations.size() - 1).matches("COMMIT|READ.*")) operations.add("COMMIT");
            } else if (change.key().table().equals("shop.item")) operations.add(name(change));
        }
        return operations;
    }

    private static String name(Change change) {
        return change.event().operation() + change.key().display();
    }

    private static ChangeEvent event(List<Change> changes, String name) {
        return changes.stream()
                .filter(c -> name(c).equals(name))
                .findFirst()
                .orElseThrow()
                .event();
    }

    static TableMapping mapping(Endpoint database) throws SQLException {
        try (Connection connection = database.connect()) {
            Table table = database.dialect().readTables(connection).stream()
                    .filter(t -> t.id().toString().equals("shop.item"))
                    .findFirst()
                    .orElseThrow();
            List<ColumnMapping> columns = table.columns().stream()
                    .map(c -> new ColumnMapping(c.name(), c.kind(), c.type(), c.name(), c.type()))
                    .toList();
            List<Integer> key = IntStream.range(0, columns.size())
                    .filter(i -> table.primaryKey().contains(columns.get(i).name()))
                    .boxed()
                    .toList();
            return new TableMapping(table.id(), table.id(), columns, key, 0);
        }
    }

    static void execute(Endpoint database, String... lines) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            for (String line : lines) statement.execute(line);
        }
    }
}
