package dev.lockstep.stream.prove;

import static dev.lockstep.stream.prove.Shop.ITEMS;
import static dev.lockstep.stream.prove.Shop.ORDERS;
import static dev.lockstep.stream.prove.Shop.barrier;
import static dev.lockstep.stream.prove.Shop.delete;
import static dev.lockstep.stream.prove.Shop.insert;
import static dev.lockstep.stream.prove.Shop.read;
import static dev.lockstep.stream.prove.Shop.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.schemas.avro.MismatchKind;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.table.TableMapping;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProofJobIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path kafkaDirectory;

    private static EmbeddedKafka kafka;

    @TempDir
    Path state;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.start(kafkaDirectory);
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @Test
    void provesNamesAndHealsAndGoesOnWhereItWasClosedWithMoreTasks() {
        Topics topics = topics("goeson");
        try (ProofWire wire = new ProofWire(kafka.bootstrap(), topics)) {
            wire.source(read(ITEMS, 1, "a"), read(ITEMS, 2, "b"), read(ORDERS, 1, "o"), barrier(0, 10));
            wire.target(read(ITEMS, 1, "a"), read(ITEMS, 2, "corrupt"), read(ORDERS, 1, "o"), barrier(0, 10));
            try (ProofJob proof = ProofJob.start(config(topics))) {
                awaitVerdicts(wire, 2);
                assertThat(wire.mismatches()).containsOnlyKeys("(2)");
                assertThat(wire.mismatches().get("(2)").getKind()).isEqualTo(MismatchKind.DIFFERS);
                assertThat(wire.stages()).extracting(s -> s.getBarrierMicros()).containsExactly(10L);

                wire.source(insert(ITEMS, 3, "c"), barrier(0, 20));
                wire.target(insert(ITEMS, 3, "c"), barrier(0, 20));
                awaitVerdicts(wire, 4);
                for (int id = 100; id < 200; id++) wire.source(insert(ITEMS, id, "waits for the target"));
                awaitCheckpoint(config(topics));
                assertThat(proof.failure()).isEmpty();
            }

            for (int id = 100; id < 200; id++) wire.target(insert(ITEMS, id, "waits for the target"));
            wire.source(delete(ITEMS, 1), barrier(0, 30));
            wire.target(delete(ITEMS, 1), update(ITEMS, 2, "b"), barrier(0, 30));
            try (ProofJob proof = ProofJob.start(config(topics, 3))) {
                await().atMost(PATIENCE).until(() -> last(wire).getBarrierMicros() == 30);

                TableVerdict items = of(ITEMS.id(), 30, wire);
                assertThat(items.getRowsSource()).isEqualTo(102);
                RowDigest sum = Shop.digest(ITEMS, 2, "b").plus(Shop.digest(ITEMS, 3, "c"));
                for (int id = 100; id < 200; id++) sum = sum.plus(Shop.digest(ITEMS, id, "waits for the target"));
                assertThat(items.getDigestSource().bytes())
                        .isEqualTo(items.getDigestTarget().bytes())
                        .isEqualTo(sum.toBytes());
                assertThat(items.getMismatches()).isZero();
                assertThat(wire.mismatches()).isEmpty();
                assertThat(wire.verdicts())
                        .as("the checkpoint held both barriers: none is judged again")
                        .extracting(TableVerdict::getBarrierMicros)
                        .containsExactly(10L, 10L, 20L, 20L, 30L, 30L);
                assertThat(proof.failure()).isEmpty();
            }
        }
    }

    /** What a truncate removes is in no topic: the table is copied anew under another id, and its rows before that count no more. */
    @Test
    void goesOnWithATableThatCameLaterAndWithOneThatWasTruncated() {
        Topics topics = topics("later");
        TableMapping again = ITEMS.inRound(1);
        try (ProofWire wire = new ProofWire(kafka.bootstrap(), topics)) {
            wire.source(read(ITEMS, 1, "a"), read(ITEMS, 2, "b"), barrier(0, 10), insert(ITEMS, 3, "c"));
            wire.target(read(ITEMS, 1, "a"), read(ITEMS, 2, "b"), barrier(0, 10));
            try (ProofJob proof = ProofJob.start(config(topics, List.of(ITEMS), 2))) {
                awaitVerdicts(wire, 1);
                awaitCheckpoint(config(topics, List.of(ITEMS), 2));
                assertThat(proof.failure()).isEmpty();
            }

            wire.source(read(again, 3, "d"), read(ORDERS, 1, "o"), barrier(0, 20), update(ORDERS, 1, "p"));
            wire.target(delete(ITEMS, 1), read(again, 3, "d"), read(ORDERS, 1, "o"), barrier(0, 20));
            try (ProofJob proof = ProofJob.start(config(topics, List.of(again, ORDERS), 2))) {
                await().atMost(PATIENCE).until(() -> last(wire).getBarrierMicros() == 20);
                for (TableMapping table : List.of(again, ORDERS)) {
                    TableVerdict verdict = of(table.id(), 20, wire);
                    assertThat(verdict.getRowsSource()).isEqualTo(1);
                    assertThat(verdict.getDigestSource()).isEqualTo(verdict.getDigestTarget());
                    assertThat(verdict.getMismatches()).isZero();
                }
                assertThat(wire.mismatches()).isEmpty();

                wire.source(update(again, 3, "e"), barrier(0, 30));
                wire.target(barrier(0, 30));
                await().atMost(PATIENCE).until(() -> last(wire).getBarrierMicros() == 30);
                assertThat(of(again.id(), 30, wire).getMismatches()).isEqualTo(1);
                assertThat(of(ORDERS.id(), 30, wire).getMismatches()).isEqualTo(1);
                assertThat(wire.verdicts())
                        .extracting(TableVerdict::getTable)
                        .filteredOn(ITEMS.id()::equals)
                        .as("of the rows before the truncate")
                        .hasSize(1);
                assertThat(proof.failure()).isEmpty();
            }
        }
    }

    @Test
    void waitsForNothingBeforeItGivesItsVerdict() {
        Topics topics = topics("quick");
        try (ProofWire wire = new ProofWire(kafka.bootstrap(), topics);
                ProofJob proof = ProofJob.start(config(topics))) {
            wire.source(barrier(0, 1));
            wire.target(barrier(0, 1));
            awaitVerdicts(wire, 2);
            long[] micros = LongStream.range(0, 9)
                    .map(i -> {
                        long now = System.currentTimeMillis() * 1000;
                        wire.source(insert(ITEMS, i, "a"), barrier(0, now));
                        wire.target(insert(ITEMS, i, "a"), barrier(0, now));
                        await().pollInterval(Duration.ofMillis(20))
                                .atMost(PATIENCE)
                                .until(() -> last(wire).getBarrierMicros() == now);
                        return last(wire).getProvenMicros() - now;
                    })
                    .sorted()
                    .toArray();

            assertThat(micros[4])
                    .as("median of %s microseconds", Arrays.toString(micros))
                    .isLessThan(1_000_000);
            assertThat(proof.failure()).isEmpty();
        }
    }

    @Test
    void leavesInTheTopicWhatIsFarAheadOfTheOtherSide() {
        Topics topics = topics("ahead");
        int left = 50_000;
        long last = 1000 + LogTime.LEAD.toNanos() / 1000 * 4;
        try (ProofWire wire = new ProofWire(kafka.bootstrap(), topics);
                ProofJob proof = ProofJob.start(config(topics))) {
            wire.source(barrier(0, 1000), insert(ITEMS, 0, "n"), barrier(0, last - 1));
            await().atMost(PATIENCE).until(() -> Consumed.of(topics, Side.SOURCE) == 3);

            // No more at a time than are read at once, so that it is by will that they come to lie there.
            AtomicInteger changes = new AtomicInteger(1);
            await().atMost(PATIENCE).until(() -> {
                sendMore(wire, Side.SOURCE, changes.getAndAdd(1000), 1000);
                return changes.get() - Consumed.of(topics, Side.SOURCE) > left;
            });
            wire.source(barrier(0, last));
            assertThat(wire.verdicts()).isEmpty();

            wire.target(barrier(0, 1000), insert(ITEMS, 0, "n"), barrier(0, last - 1));
            sendMore(wire, Side.TARGET, 1, changes.get() - 1);
            wire.target(barrier(0, last));
            await().atMost(PATIENCE)
                    .until(() -> !wire.verdicts().isEmpty() && last(wire).getBarrierMicros() == last);
            TableVerdict items = of(ITEMS.id(), last, wire);
            assertThat(items.getRowsSource()).isEqualTo(changes.get());
            assertThat(items.getDigestSource()).isEqualTo(items.getDigestTarget());
            assertThat(proof.failure()).isEmpty();
        }
    }

    private static void sendMore(ProofWire wire, Side side, int first, int number) {
        for (int id = first; id < first + number; id++) wire.send(side, 0, insert(ITEMS, id, "n"));
        wire.flush();
    }

    @Test
    void endsWithTheCauseWhenAChangeCannotBeRead() {
        Topics topics = topics("broken");
        try (ProofWire wire = new ProofWire(kafka.bootstrap(), topics);
                ProofJob proof = ProofJob.start(config(topics))) {
            wire.sendRaw(Side.SOURCE, "no change".getBytes(StandardCharsets.UTF_8));

            await().atMost(PATIENCE).until(() -> proof.failure().isPresent());

            assertThat(proof.failure().orElseThrow())
                    .hasStackTraceContaining("topic lockstep.broken.source.changes, partition 0, offset 0");
        }
    }

    private ProofConfig config(Topics topics) {
        return config(topics, 2);
    }

    private ProofConfig config(Topics topics, int parallelism) {
        return config(topics, List.of(ITEMS, ORDERS), parallelism);
    }

    private ProofConfig config(Topics topics, List<TableMapping> tables, int parallelism) {
        return new ProofConfig(kafka.bootstrap(), topics, tables, 1, parallelism, state);
    }

    private static Topics topics(String migration) {
        Topics topics = new Topics(migration);
        TopicSetup.create(kafka.bootstrap(), topics, 1);
        return topics;
    }

    private static void awaitVerdicts(ProofWire wire, int number) {
        await().atMost(PATIENCE).until(() -> wire.verdicts().size() >= number);
    }

    /** Waits until a checkpoint has been begun and finished since now. */
    private static void awaitCheckpoint(ProofConfig config) {
        Path directory = config.checkpoints();
        var before = Checkpoints.newest(directory);
        await().atMost(PATIENCE).until(() -> !Checkpoints.newest(directory).equals(before));
        var first = Checkpoints.newest(directory);
        await().atMost(PATIENCE).until(() -> !Checkpoints.newest(directory).equals(first));
    }

    private static TableVerdict last(ProofWire wire) {
        List<TableVerdict> verdicts = wire.verdicts();
        return verdicts.get(verdicts.size() - 1);
    }

    private static TableVerdict of(String table, long barrier, ProofWire wire) {
        return wire.verdicts().stream()
                .filter(verdict -> verdict.getTable().equals(table) && verdict.getBarrierMicros() == barrier)
                .findFirst()
                .orElseThrow();
    }
}
