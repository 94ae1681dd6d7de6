package dev.lockstep.ingest.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.ingest.barrier.BarrierWriter;
import dev.lockstep.ingest.capture.Capture;
import dev.lockstep.ingest.capture.CaptureConfig;
import dev.lockstep.ingest.capture.ConnectWorker;
import dev.lockstep.ingest.capture.Tending;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.CopyPlan;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration.CopyRules;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.TableMapping;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What every engine's initial copy guarantees, on a database that is written to all the while. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CopyContract {

    static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int ITEMS = 130_000;

    @TempDir
    static Path directory;

    private EmbeddedKafka kafka;

    /** A server without our databases. */
    abstract Endpoint server(Path directory) throws Exception;

    abstract void close();

    /** Makes shop.item, shop.doc (a key of text and bytes), shop.nothing and shop.large, and so many items and half as many docs. */
    abstract List<String> schema(int items);

    /** Bytes of the largest value, and an expression for such a value. */
    abstract int largeBytes();

    Endpoint database;

    @BeforeAll
    void start() throws Exception {
        database = server(directory);
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
    }

    @AfterAll
    void stop() {
        kafka.close();
        close();
    }

    private Topics fresh(String migration) throws SQLException {
        CopiedTables.execute(database, schema(ITEMS).toArray(new String[0]));
        BarrierWriter.prepare(database, Direction.FORWARD, 1);
        Topics topics = new Topics(migration);
        TopicSetup.create(kafka.bootstrap(), topics, 1);
        return topics;
    }

    @Test
    void copiesAWrittenTableExactlyAndTheStreamGoesOnWithoutAGapOrADouble() throws Exception {
        Topics topics = fresh("under-load");
        List<TableMapping> tables = CopiedTables.mappings(database);
        CaptureConfig config;
        try (ConnectWorker worker = ConnectWorker.start(kafka.bootstrap(), topics, 1);
                WriteLoad load = WriteLoad.start(database, ITEMS)) {
            config = config(topics, worker, tables, new CopyRules(3, 70_000, 0));
            Capture capture = Capture.start(config);
            awaitFollowing(capture);
            load.stop();
            assertThat(load.transactions()).isGreaterThan(20);
            CopiedTables topic = awaitBarrier(topics, tables, capture);

            assertThat(topic.brokenChains())
                    .as("every change begins where the copy or the change before it ended")
                    .isEmpty();
            topic.assertEqualTo(database);
            assertThat(topic.reads("shop.item")).isBetween(ITEMS - 5_000L, ITEMS + 5_000L);
            assertThat(capture.progress().done()).isTrue();
            capture.remove();
        }
    }

    @Test
    void keepsFinishedChunksWhenItIsKilledAndConverges() throws Exception {
        Topics topics = fresh("killed");
        List<TableMapping> tables = CopiedTables.mappings(database);
        publish(topics, tables);
        try (ConnectWorker worker = ConnectWorker.start(kafka.bootstrap(), topics, 1);
                WriteLoad load = WriteLoad.start(database, ITEMS)) {
            Process child = CopyProcess.start(
                    directory.resolve("child.txt"), kafka.bootstrap(), topics, database, new CopyRules(2, 10_000, 0));
            Awaitility.await().atMost(PATIENCE).until(() -> {
                assertThat(child.isAlive()).as("still copying").isTrue();
                return read(topics, tables).reads("shop.item") >= 25_000;
            });
            child.destroyForcibly().waitFor();
            // what the killed one left open ends with the next one's beginning: read before that, the topic ends at it
            long kept = CopiedTables.read(kafka.bootstrap(), topics, tables).reads("shop.item");

            Capture capture = Capture.start(config(topics, worker, tables, new CopyRules(2, 0, 0)));
            awaitFollowing(capture);
            load.stop();
            CopiedTables topic = awaitBarrier(topics, tables, capture);

            assertThat(CopyPlan.read(kafka.bootstrap(), topics, Side.SOURCE, 0, 0))
                    .hasValueSatisfying(plan -> assertThat(plan.snapshots()).isEqualTo(2));
            topic.assertEqualTo(database);
            assertThat(kept).isGreaterThanOrEqualTo(25_000);
            assertThat(topic.rereadOf("shop.item"))
                    .as("rows read twice, other than those that moved in between")
                    .isLessThan(5_000);
            capture.remove();
        }
    }

    @Test
    void carriesAnEmptyTableAndAHugeValue() throws Exception {
        CopiedTables.execute(database, schema(1).toArray(new String[0]));
        BarrierWriter.prepare(database, Direction.FORWARD, 1);
        CopiedTables.execute(
                database,
                "insert into shop.large values (1, " + huge() + ")",
                "insert into shop.large values (2, null)");
        Topics topics = new Topics("huge");
        TopicSetup.create(kafka.bootstrap(), topics, 1);
        List<TableMapping> tables = CopiedTables.mappings(database);
        publish(topics, tables);

        copy(topics, tables, CopyRules.DEFAULT);

        CopiedTables topic = CopiedTables.read(kafka.bootstrap(), topics, tables);
        assertThat(topic.reads("shop.nothing")).isZero();
        assertThat(topic.reads("shop.large")).isEqualTo(2);
        byte[] value =
                ((Value.Binary) topic.row("shop.large", new Value.Whole(1)).get(1)).value();
        assertThat(value.length).isEqualTo(largeBytes());
        assertThat(value[0]).isEqualTo((byte) 'x');
        assertThat(value[largeBytes() - 1]).isEqualTo((byte) 'x');
        assertThat(topic.operations()).containsOnly(Operation.READ);
        endSlot(topics);
    }

    @Test
    void pausesWhileTheDatabaseIsBusyAndGoesOnAfterwards() throws Exception {
        CopiedTables.execute(database, schema(20_000).toArray(new String[0]));
        BarrierWriter.prepare(database, Direction.FORWARD, 1);
        Topics topics = topics("busy");
        List<TableMapping> tables = CopiedTables.mappings(database);
        publish(topics, tables);
        InitialCopy copy = new InitialCopy(copyConfig(topics, tables, new CopyRules(1, 5_000, 1)));
        try (BusySessions two = BusySessions.start(database, directory, 2)) {
            CompletableFuture<Void> copying = CompletableFuture.runAsync(() -> run(copy));
            Awaitility.await().atMost(PATIENCE).until(() -> {
                if (copying.isDone()) copying.join();
                return copy.progress().note().contains("2 sessions are at work, copy.maxSourceSessions is 1");
            });
            long rows = copy.progress().rows();
            assertThat(rows).as("it pauses in the midst").isLessThan(20_000);
            Thread.sleep(2_000); // at its pace it would read 10,000 rows
            assertThat(copy.progress().rows()).isEqualTo(rows);
            assertThat(copying).isNotDone();

            two.end();
            copying.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(copy.progress().note()).isEmpty();
        assertThat(read(topics, tables).reads("shop.item")).isEqualTo(20_000);
        endSlot(topics);
    }

    private static void run(InitialCopy copy) {
        try {
            copy.run(Map::of);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    abstract String huge();

    void publish(Topics topics, List<TableMapping> tables) throws SQLException {}

    void endSlot(Topics topics) throws SQLException {}

    CopyConfig copyConfig(Topics topics, List<TableMapping> tables, CopyRules rules) {
        return CopyProcess.config(kafka.bootstrap(), topics, database, tables, rules);
    }

    void copy(Topics topics, List<TableMapping> tables, CopyRules rules) throws Exception {
        new InitialCopy(copyConfig(topics, tables, rules)).run(Map::of);
    }

    Topics topics(String migration) {
        Topics topics = new Topics(migration);
        TopicSetup.create(kafka.bootstrap(), topics, 1);
        return topics;
    }

    CopiedTables read(Topics topics, List<TableMapping> tables) {
        return CopiedTables.read(kafka.bootstrap(), topics, tables);
    }

    private CaptureConfig config(Topics topics, ConnectWorker worker, List<TableMapping> tables, CopyRules rules) {
        return new CaptureConfig(
                worker.url(),
                kafka.bootstrap(),
                topics,
                Side.SOURCE,
                database,
                tables.subList(1, tables.size()),
                0,
                rules);
    }

    private static void awaitFollowing(Capture capture) {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            Tending.tend(capture);
            return capture.isRunning();
        });
    }

    private CopiedTables awaitBarrier(Topics topics, List<TableMapping> tables, Capture capture) throws SQLException {
        try (BarrierWriter barriers =
                BarrierWriter.start(database, Direction.FORWARD, Duration.ofHours(1), Clock.systemUTC())) {
            long micros = barriers.write();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        Tending.tend(capture);
                        return CopiedTables.hasBarrierAtItsEnd(kafka.bootstrap(), topics, micros);
                    });
            return read(topics, tables);
        }
    }
}
