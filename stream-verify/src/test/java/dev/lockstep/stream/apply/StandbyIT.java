package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Appliers on several machines: one has the lane, the others stand by. */
class StandbyIT {

    private static final Duration HAND_OVER = Duration.ofSeconds(45);
    private static final int TRANSACTIONS = 2000;

    @TempDir
    Path directory;

    private final CountDownLatch enough = new CountDownLatch(1);

    @Test
    void handsTheLaneOverFromOneThatIsKilledAndFromOneThatIsFrozenAndWakesUpLate() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
                TargetServer server = TargetServer.postgres(directory.resolve("postgres"))) {
            Endpoint target = server.database("standby", "varchar(40)");
            Topics topics = new Topics("standby");
            Lane lane = new Lane(TargetServer.schema(target), 5);
            for (int i = 1; i <= TRANSACTIONS; i++) {
                lane.transact(6);
                if (i % 10 == 0) lane.barrier(i);
            }
            String[] arguments = {kafka.bootstrap(), "standby", target.url(), target.user()};
            Path output = directory.resolve("output.txt");
            try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
                CompletableFuture<Void> load = CompletableFuture.runAsync(() -> feed(topic, lane));
                try (StandbyProcess first = StandbyProcess.start(output, arguments)) {
                    awaitOwner(target, lane, 1);
                    try (StandbyProcess second = StandbyProcess.start(output, arguments)) {
                        first.kill();
                        awaitOwner(target, lane, 2);
                        try (StandbyProcess third = StandbyProcess.start(output, arguments)) {
                            second.freeze();
                            awaitOwner(target, lane, 3);
                            second.wake();
                            long moved = applied(target, lane).nextOffset();
                            await("the third goes on")
                                    .atMost(HAND_OVER)
                                    .until(() -> applied(target, lane).nextOffset() > moved);
                            assertThat(applied(target, lane).epoch())
                                    .as(Files.readString(output))
                                    .isEqualTo(3);
                            assertThat(second.isAlive())
                                    .as("it stands by again")
                                    .isTrue();
                            third.kill();
                            awaitOwner(target, lane, 4);
                            enough.countDown();
                            load.join();
                            await().atMost(HAND_OVER)
                                    .until(() -> TargetServer.state(target, members(lane))
                                                    .barrierMicros()
                                            == TRANSACTIONS);
                        }
                    }
                }
            }
            assertThat(TableReads.canonical(
                            TargetServer.state(target, members(lane)).rows()))
                    .isEqualTo(TableReads.canonical(
                            lane.states.get(lane.states.size() - 1L).values()));
        }
    }

    @Test
    void spreadsTheLanesAndLeavesAllToOneThatLeads() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("lanes"));
                TargetServer server = TargetServer.postgres(directory.resolve("target"))) {
            Endpoint target = server.database("lanes", "varchar(40)");
            Topics topics = new Topics("lanes");
            TopicSetup.create(kafka.bootstrap(), topics, 2);
            try (LaneGroup first = standBy(kafka, topics, target)) {
                awaitLanes(first, 0, 1);
                try (LaneGroup second = standBy(kafka, topics, target)) {
                    await().atMost(HAND_OVER)
                            .until(() -> lanes(first).size() == 1
                                    && lanes(second).size() == 1
                                    && !lanes(first).equals(lanes(second)));
                    try (LaneGroup leader = LaneGroup.lead(kafka.bootstrap(), topics, StandbyProcess.SESSION)) {
                        awaitLanes(first);
                        awaitLanes(second);
                        assertThat(leader.failure()).isEmpty();
                    }
                }
                awaitLanes(first, 0, 1);
            }
        }
    }

    private static LaneGroup standBy(EmbeddedKafka kafka, Topics topics, Endpoint target) {
        ApplyConfig lane0 = ApplyConfigs.of(kafka.bootstrap(), topics, target, 20);
        return LaneGroup.standBy(
                kafka.bootstrap(),
                topics,
                StandbyProcess.SESSION,
                lane -> Applier.start(new ApplyConfig(
                        kafka.bootstrap(),
                        topics,
                        lane0.direction(),
                        target,
                        List.of(),
                        Set.of(),
                        lane,
                        false,
                        lane0.rules(),
                        lane0.clock())));
    }

    private static void awaitLanes(LaneGroup group, Integer... lanes) {
        await().atMost(HAND_OVER).until(() -> lanes(group).equals(Set.of(lanes)));
    }

    private static Set<Integer> lanes(LaneGroup group) {
        group.failure().ifPresent(e -> {
            throw new AssertionError(e);
        });
        return group.lanes().keySet();
    }

    /** Ten transactions a second, and the rest at once when it is enough. */
    private void feed(LaneTopic topic, Lane lane) {
        int size = lane.entries.size();
        for (int part = 0; part < TRANSACTIONS; part++) {
            int to = size * (part + 1) / TRANSACTIONS;
            topic.writeAll(lane.entries.subList(size * part / TRANSACTIONS, to));
            try {
                if (!enough.await(100, TimeUnit.MILLISECONDS)) continue;
                topic.writeAll(lane.entries.subList(to, size));
                return;
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** The lane has been claimed so often, and moves. */
    private static void awaitOwner(Endpoint target, Lane lane, long epoch) {
        await("claim " + epoch)
                .atMost(HAND_OVER)
                .ignoreExceptions()
                .until(() -> applied(target, lane).epoch() == epoch);
        long before = offset(target, lane);
        await("moves after claim " + epoch).atMost(HAND_OVER).until(() -> offset(target, lane) > before);
    }

    private static long offset(Endpoint target, Lane lane) {
        try {
            return applied(target, lane).nextOffset();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static Applied applied(Endpoint target, Lane lane) throws SQLException {
        return TargetServer.state(target, members(lane)).applied();
    }

    private static Destination members(Lane lane) {
        return Destination.of(lane.members, Side.SOURCE);
    }
}
