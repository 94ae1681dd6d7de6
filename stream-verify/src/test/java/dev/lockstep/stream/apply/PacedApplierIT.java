package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.schemas.avro.Stage;
import dev.lockstep.schemas.avro.StageReport;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.Migration.ApplyRules;
import dev.lockstep.schemas.migration.Migration.RefusedRows;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An applier that is held back: by an operator, by a bound, or by its database. It says so, and the lag is the applier's alone. */
class PacedApplierIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static EmbeddedKafka kafka;
    private static TargetServer server;

    private final String name = "paced" + NAMES.incrementAndGet();
    private final Topics topics = new Topics(name);

    @BeforeAll
    static void start(@TempDir Path directory) {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        server = TargetServer.mariaDb(directory.resolve("mariadb"));
    }

    @AfterAll
    static void stop() throws Exception {
        kafka.close();
        server.close();
    }

    @Test
    void writesNothingWhileItIsPausedThoughItsSessionIsCutMeanwhile() throws Exception {
        // given
        Endpoint target = server.database(name, "varchar(40)");
        Lane lane = lane(target, 1);
        int half = lane.entries.size() / 2;
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics);
                Applier applier = Applier.start(config(target, lane, 0), true)) {
            topic.writeAll(lane.entries.subList(0, half));
            await().atMost(LONG).until(() -> newest(topic, Stage.CAPTURED) > 0);
            assertThat(applier.progress().transactions()).isZero();
            applier.resume();
            await().atMost(LONG).until(() -> newest(topic, Stage.APPLIED) == newest(topic, Stage.CAPTURED));

            // when
            applier.pause();
            long written = applier.progress().transactions();
            topic.writeAll(lane.entries.subList(half, lane.entries.size()));

            // then
            await("capture is not late").atMost(LONG).until(() -> newest(topic, Stage.CAPTURED) == LAST);
            assertThat(applier.progress().transactions()).isEqualTo(written);
            assertThat(newest(topic, Stage.APPLIED)).isLessThan(LAST);

            // when
            TargetServer.cutConnections(target);
            applier.resume();

            // then
            await().atMost(LONG).until(() -> isAtEnd(applier));
            List<Long> captured = micros(topic, Stage.CAPTURED);
            assertThat(captured)
                    .as("each once, in order")
                    .doesNotHaveDuplicates()
                    .isSorted();
        }
        assertHolds(target, lane);
    }

    @Test
    void writesNoMoreRowsASecondThanItMay() throws Exception {
        // given
        Endpoint target = server.database(name, "varchar(40)");
        Lane lane = lane(target, 2);
        long rows = lane.entries.stream()
                .filter(entry -> entry.change().table().equals(lane.members.id()))
                .count();
        long rate = rows / 8;
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.writeAll(lane.entries);
            long begun = System.nanoTime();

            // when
            try (Applier applier = Applier.start(config(target, lane, rate))) {
                await("capture is not late")
                        .atMost(LONG)
                        .pollInterval(Duration.ofMillis(50))
                        .until(() -> newest(topic, Stage.CAPTURED) == LAST);
                assertThat(newest(topic, Stage.APPLIED)).isLessThan(LAST);
                await().atMost(LONG).pollInterval(Duration.ofMillis(20)).until(() -> {
                    double seconds = (System.nanoTime() - begun) / 1e9;
                    assertThat(applier.progress().rows()).isLessThanOrEqualTo((long) (rate * seconds) + rate / 10 + 8);
                    return isAtEnd(applier);
                });
            }
        }
        assertHolds(target, lane);
    }

    @Test
    void waitsForALockAndSaysSo() throws Exception {
        // given
        Endpoint target = server.database(name, "varchar(40)");
        Lane lane = lane(target, 3);
        TableReads.execute(target, "set global innodb_lock_wait_timeout = 1");
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics);
                Connection holding = target.connect();
                var session = holding.createStatement()) {
            topic.writeAll(lane.entries.subList(0, COPIED));
            try (Applier applier = Applier.start(config(target, lane, 0))) {
                await().atMost(LONG).until(() -> applier.progress().copiedRows() == COPIED);
                assertThat(applier.trouble()).isEmpty();

                // when
                session.execute("begin");
                session.execute("update members set points = points + 1");
                topic.writeAll(lane.entries.subList(COPIED, lane.entries.size()));

                // then
                await().atMost(LONG)
                        .until(() -> applier.trouble().orElse(""), said -> said.contains("Lock wait timeout"));
                await("capture is not late").atMost(LONG).until(() -> newest(topic, Stage.CAPTURED) == LAST);
                assertThat(applier.failure()).isEmpty();

                // when
                session.execute("rollback");

                // then
                await().atMost(LONG).until(() -> isAtEnd(applier));
                assertThat(applier.trouble()).isEmpty();
            }
        } finally {
            TableReads.execute(target, "set global innodb_lock_wait_timeout = 50");
        }
        assertHolds(target, lane);
    }

    private static final int COPIED = 100;
    private static final long LAST = 1000;

    private static Lane lane(Endpoint target, long seed) {
        Lane lane = new Lane(TargetServer.schema(target), seed);
        lane.copy(COPIED);
        for (int i = 1; i <= 200; i++) {
            lane.transact(8);
            if (i % 10 == 0) lane.barrier(i);
        }
        lane.barrier(LAST);
        return lane;
    }

    private static boolean isAtEnd(Applier applier) {
        applier.failure().ifPresent(e -> {
            throw new AssertionError("the applier failed", e);
        });
        return applier.progress().barrierMicros() == LAST;
    }

    private static void assertHolds(Endpoint target, Lane lane) throws Exception {
        TargetServer.State state = TargetServer.state(target, Destination.of(lane.members, Side.SOURCE));
        long last = state.applied().position().major();
        assertThat(TableReads.canonical(state.rows()))
                .isEqualTo(TableReads.canonical(lane.states.get(last).values()));
    }

    private static List<Long> micros(LaneTopic topic, Stage stage) {
        return topic.stages().stream()
                .filter(report -> report.getStage() == stage)
                .map(StageReport::getBarrierMicros)
                .toList();
    }

    private static long newest(LaneTopic topic, Stage stage) {
        List<Long> reached = micros(topic, stage);
        return reached.isEmpty() ? 0 : reached.get(reached.size() - 1);
    }

    private ApplyConfig config(Endpoint target, Lane lane, long rate) {
        return ApplyConfigs.of(
                kafka.bootstrap(),
                topics,
                target,
                new ApplyRules(50, rate, RefusedRows.STOP, Migration.Cascades.REFUSE),
                lane.members);
    }
}
