package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.schemas.avro.Stage;
import dev.lockstep.schemas.avro.StageReport;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.embedded.Ports;
import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.table.TableMapping;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApplierIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static EmbeddedKafka kafka;
    private static TargetServer postgres;
    private static TargetServer mariaDb;

    private final String name = "m" + NAMES.incrementAndGet();
    private final Topics topics = new Topics(name);

    @BeforeAll
    static void start(@TempDir Path directory) {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        postgres = TargetServer.postgres(directory.resolve("postgres"));
        mariaDb = TargetServer.mariaDb(directory.resolve("mariadb"));
    }

    @AfterAll
    static void stop() throws Exception {
        kafka.close();
        postgres.close();
        mariaDb.close();
    }

    @ParameterizedTest
    @CsvSource({"postgres", "mariadb"})
    void refusesToGoOnWhereAnotherTopicWasApplied(String engine) throws Exception {
        // given
        Endpoint target = server(engine).database(name, "varchar(40)");
        Lane lane = lane(target, 7);
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics);
                Applier applier = Applier.start(config(target, lane.members))) {
            topic.write(lane.entries, 400);
            await().atMost(LONG).until(() -> isAtEnd(applier));
        }
        TargetServer.State before = TargetServer.state(target, Destination.of(lane.members, Side.SOURCE));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            admin.deleteTopics(List.of(topics.sourceChanges(), topics.stages()))
                    .all()
                    .get();
            await().atMost(LONG).until(() -> !admin.listTopics().names().get().contains(topics.sourceChanges()));
        }

        // when the state is lost, and the changes come anew under the old name
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics);
                Applier applier = Applier.start(config(target, lane.members))) {
            topic.write(lane.entries, 400);
            await().atMost(LONG).until(() -> applier.failure().isPresent());

            // then
            assertThat(applier.failure().orElseThrow())
                    .hasMessageContaining("another Kafka topic")
                    .hasMessageContaining("start anew");
        }
        assertThat(TargetServer.state(target, Destination.of(lane.members, Side.SOURCE)))
                .isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"postgres, 1", "mariadb, 1", "postgres, 50", "mariadb, 50"})
    void bringsACopyOfSeveralMomentsToTheStateThatTheStreamEndsAt(String engine, int batchRows) throws Exception {
        // given: rows 1 and 2 were read, then the copy was cut off; what went on changed all of them
        Endpoint target = server(engine).database(name, "varchar(40)");
        Lane lane = new Lane(TargetServer.schema(target), 10);
        lane.copy(40);
        List<Lane.Entry> read = List.copyOf(lane.entries);
        lane.begin();
        lane.update(Lane.row(1, "moved away", 1));
        lane.insert(Lane.row(100, "member 1", 2)); // for a moment
        lane.commit();
        lane.begin();
        lane.delete(100);
        lane.delete(2);
        lane.commit();
        lane.begin();
        lane.insert(Lane.row(101, "member 1", 3));
        lane.insert(Lane.row(102, "member 2", 4));
        lane.update(Lane.row(3, "member three", 5));
        lane.commit();
        lane.barrier(LAST_BARRIER);
        List<Lane.Entry> streamed = lane.entries.subList(read.size(), lane.entries.size());

        // when: the copy goes on as of the end; it reads the newer rows, and row 3 again
        List<Lane.Entry> later = List.of(
                lane.read(Lane.row(101, "member 1", 3)),
                lane.read(Lane.row(102, "member 2", 4)),
                lane.read(Lane.row(3, "member three", 5)));
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.writeAll(read);
            try (Applier applier = Applier.start(config(batchRows, target, lane.members))) {
                await().atMost(LONG).until(() -> applier.progress().copiedRows() == read.size());
                topic.writeAll(later);
                topic.writeAll(streamed);

                // then
                await().atMost(LONG).until(() -> isAtEnd(applier));
            }
        }
        assertConsistent(lane, TargetServer.state(target, Destination.of(lane.members, Side.SOURCE)));
    }

    @ParameterizedTest
    @CsvSource({"postgres", "mariadb"})
    void namesTheCopiedRowThatCannotBeApplied(String engine) throws Exception {
        Endpoint target = server(engine).database(name, "varchar(12)");
        Lane lane = new Lane(TargetServer.schema(target), 11);
        lane.copy(60);
        lane.entries.add(lane.read(Lane.row(77, "longer than the others", 1)));
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.writeAll(lane.entries);

            try (Applier applier = Applier.start(config(target, lane.members))) {
                await().atMost(LONG).until(() -> applier.failure().isPresent());

                assertThat(applier.failure().orElseThrow())
                        .isInstanceOf(ApplyException.class)
                        .hasMessageContaining("src.members, key (77)")
                        .hasMessageContaining("22001");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"postgres", "mariadb"})
    void reportsEveryBarrierOnceItIsReadAndOnceItIsCommitted(String engine) throws Exception {
        // given
        Endpoint target = server(engine).database(name, "varchar(40)");
        Lane lane = lane(target, 9);
        Progress progress;
        List<StageReport> reports;

        // when
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.write(lane.entries, 10_000);
            try (Applier applier = Applier.start(config(target, lane.members))) {
                await().atMost(LONG).until(() -> isAtEnd(applier));
                progress = applier.progress();
            }
            reports = topic.stages();
        }

        // then
        List<Long> barriers = lane.entries.stream()
                .flatMap(e -> Barrier.in(e.change()).stream())
                .map(Barrier::micros)
                .distinct()
                .toList();
        assertThat(micros(reports, Stage.CAPTURED)).isEqualTo(barriers);
        assertThat(micros(reports, Stage.APPLIED)).isEqualTo(barriers);
        StageReport last = reports.get(reports.size() - 1);
        assertThat(last.getRows()).isEqualTo(progress.copiedRows() + progress.changedRows());
        assertThat(progress.copiedRows()).isEqualTo(COPIED);
        assertThat(progress.firstCopied()).isBefore(progress.lastCopied());
        assertThat(progress.barrierMicros()).isEqualTo(LAST_BARRIER);
    }

    @ParameterizedTest
    @CsvSource({"postgres, 22001", "mariadb, 22001"})
    void namesTheRowThatCannotBeAppliedAndGoesOnOnceItCan(String engine, String sqlState) throws Exception {
        // given
        Endpoint target = server(engine).database(name, "varchar(12)");
        Lane lane = new Lane(TargetServer.schema(target), 5);
        lane.copy(50);
        lane.barrier(1);
        lane.begin();
        for (int id = 100; id < 200; id++)
            lane.insert(Lane.row(id, (id == 163 ? "longer than the others " : "member ") + id, 1));
        lane.commit();
        Destination members = Destination.of(lane.members, Side.SOURCE);

        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.write(lane.entries, 10_000);

            // when
            try (Applier applier = Applier.start(config(target, lane.members))) {
                await().atMost(LONG).until(() -> applier.failure().isPresent());

                // then
                assertThat(applier.failure().orElseThrow())
                        .isInstanceOf(ApplyException.class)
                        .hasMessageContaining("src.members, key (163)")
                        .hasMessageContaining(sqlState)
                        .hasMessageContaining("widen the column");
            }
            assertThat(TargetServer.state(target, members).rows()).hasSize(50);

            // when
            TableReads.execute(
                    target,
                    engine.equals("postgres")
                            ? "alter table members alter name type varchar(40)"
                            : "alter table members modify name varchar(40)");
            try (Applier applier = Applier.start(config(target, lane.members))) {
                await().atMost(LONG).until(() -> applier.progress().changedRows() == 100);
            }
            assertConsistent(lane, TargetServer.state(target, members));
        }
    }

    @Test
    void waitsForADatabaseThatIsAwayAndGoesOnOnceItIsThere() throws Exception {
        // given
        Endpoint target = postgres.database(name, "varchar(40)");
        Lane lane = lane(target, 6);
        int port = Ports.free();
        Endpoint away = new Endpoint(target.url().replaceFirst(":\\d+/", ":" + port + "/"), "postgres", null);

        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics);
                Applier applier = Applier.start(config(away, lane.members))) {
            topic.write(lane.entries, 10_000);
            await().during(Duration.ofSeconds(1))
                    .atMost(LONG)
                    .until(() -> applier.failure().isEmpty());
            assertThat(applier.progress().transactions()).isZero();

            // when
            try (Forwarder forwarder = Forwarder.start(port, target.port())) {
                // then
                await().atMost(LONG).until(() -> isAtEnd(applier));
                assertThat(forwarder.connections()).isPositive();
            }
        }
    }

    @Test
    void stopsAtATableThatIsNotAmongItsOwn() throws Exception {
        Endpoint target = postgres.database(name, "varchar(40)");
        Lane lane = lane(target, 7);
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.write(lane.entries, 10_000);

            try (Applier applier = Applier.start(config(target))) {
                await().atMost(LONG).until(() -> applier.failure().isPresent());

                assertThat(applier.failure().orElseThrow())
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("src.members");
            }
        }
    }

    private static final int COPIED = 3000;
    private static final long LAST_BARRIER = 1_000_000;

    private static Lane lane(Endpoint target, long seed) {
        Lane lane = new Lane(TargetServer.schema(target), seed);
        lane.copy(COPIED);
        for (int i = 1; i <= 600; i++) {
            lane.transact(8);
            if (i % 5 == 0) lane.barrier(i);
            if (i % 53 == 0) lane.repeat(20);
        }
        lane.barrier(LAST_BARRIER);
        return lane;
    }

    /** The rows are those after the source transaction that was applied last, and the barrier stands where it is said to. */
    private static void assertConsistent(Lane lane, TargetServer.State state) {
        long transaction = state.applied().position().major();
        assertThat(state.barrierMicros()).isEqualTo(state.applied().barrierMicros());
        if (transaction == 0) { // within the copy
            assertThat(TableReads.canonical(lane.states.get(0L).values()))
                    .containsAll(TableReads.canonical(state.rows()));
            return;
        }
        assertThat(TableReads.canonical(state.rows()))
                .as("after transaction %s", transaction)
                .isEqualTo(TableReads.canonical(lane.states.get(transaction).values()));
    }

    private static boolean isAtEnd(Applier applier) {
        applier.failure().ifPresent(e -> {
            throw new AssertionError("the applier failed", e);
        });
        return applier.progress().barrierMicros() == LAST_BARRIER;
    }

    private static List<Long> micros(List<StageReport> reports, Stage stage) {
        return reports.stream()
                .filter(r -> r.getStage() == stage)
                .map(StageReport::getBarrierMicros)
                .toList();
    }

    private ApplyConfig config(Endpoint target, TableMapping... tables) {
        return config(50, target, tables);
    }

    private ApplyConfig config(int batchRows, Endpoint target, TableMapping... tables) {
        return ApplyConfigs.of(kafka.bootstrap(), topics, target, batchRows, tables);
    }

    private static TargetServer server(String engine) {
        return engine.equals("postgres") ? postgres : mariaDb;
    }
}
