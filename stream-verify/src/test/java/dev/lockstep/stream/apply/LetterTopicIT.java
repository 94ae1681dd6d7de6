package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lockstep.schemas.avro.DeadLetter;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.row.Value;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Letters, and a Kafka that is in trouble. */
class LetterTopicIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static Path directory;
    private static TargetServer postgres;
    private static EmbeddedKafka kafka;

    private final String name = "letters" + NAMES.incrementAndGet();
    private final Topics topics = new Topics(name);

    @BeforeAll
    static void start(@TempDir Path servers) {
        directory = servers.resolve("kafka");
        kafka = EmbeddedKafka.start(directory);
        postgres = TargetServer.postgres(servers.resolve("postgres"));
    }

    @AfterAll
    static void stop() throws Exception {
        kafka.close();
        postgres.close();
    }

    @Test
    void letsNoLetterStandOfABatchThatWasNeverApplied() throws Exception {
        // given: an applier was killed between its letters and its commit, after another batch's letter of the same row
        Endpoint target = postgres.database(name, "varchar(40)");
        Goods goods = Goods.create(target);
        goods.transact(() -> goods.insert(Goods.tooMany(7)));
        goods.barrier(1);
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.writeAll(goods.entries);
            ApplyConfig config = quarantining(target, goods);
            Applied applied;
            try (Applier applier = Applier.start(config)) {
                ApplierReads.awaitBarrier(applier, 1);
                applied = TargetServer.state(target, Destination.of(goods.table, Side.SOURCE))
                        .applied();
            }
            try (LetterTopic letters = LetterTopic.open(config)) {
                LetterTopic.Entry first = letters.read().get(0);
                DeadLetter beyond = new DeadLetter(
                        first.letter().getChange(),
                        "23514",
                        "refused",
                        1L,
                        "FORWARD",
                        0,
                        applied.nextOffset() + 1,
                        null);
                letters.append(List.of(
                        new LetterTopic.Entry(first.key(), beyond),
                        new LetterTopic.Entry(goods.table.keyOf(Goods.row(8)), beyond)));
            }

            // when
            LetterTopic zombie = LetterTopic.open(config);
            for (int start = 0; start < 2; start++)
                try (Applier applier = Applier.start(config)) {
                    await().atMost(LONG).until(() -> applier.deadLetters().isPresent());

                    // then
                    assertThat(ApplierReads.letters(applier).open())
                            .singleElement()
                            .satisfies(letter -> {
                                assertThat(letter.key().display()).isEqualTo("(7)");
                                assertThat(letter.letters()).isEqualTo(1);
                            });
                }
            try (zombie) {
                assertThatThrownBy(() -> zombie.append(zombie.read()))
                        .as("one that wakes up late")
                        .isInstanceOf(KafkaException.class);
            }
        }
    }

    @Test
    void setsAsideAndSettlesThoughKafkaHasEndedItsProducer() throws Exception {
        // given
        Endpoint target = postgres.database(name, "varchar(40)");
        Goods goods = Goods.create(target);
        goods.barrier(1);
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.writeAll(goods.entries);
            ApplyConfig config = quarantining(target, goods);
            try (Applier applier = Applier.start(config)) {
                ApplierReads.awaitBarrier(applier, 1);

                // when: the lane is its own still
                LetterTopic.open(config).close();
                goods.entries.clear();
                goods.transact(() -> {
                    goods.insert(Goods.tooMany(7));
                    goods.insert(Goods.row(8));
                });
                goods.barrier(2);
                topic.writeAll(goods.entries);
                ApplierReads.awaitBarrier(applier, 2);

                // then
                assertThat(ApplierReads.open(applier)).containsExactly("7 UPDATE");
                assertThat(goods.ids(target)).containsExactly(8L);

                // when
                LetterTopic.open(config).close();
                DeadLetters.Outcome outcome = ApplierReads.letters(applier).discard(letter -> true, "me@here");

                // then
                assertThat(outcome.settled()).isEqualTo(1);
                assertThat(ApplierReads.open(applier)).isEmpty();
            }
            try (Applier applier = Applier.start(config)) {
                await().atMost(LONG).until(() -> applier.deadLetters().isPresent());
                assertThat(ApplierReads.open(applier)).as("as the topic has it").isEmpty();
            }
        }
    }

    @Test
    void setsARowAsideOnceKafkaIsBack() throws Exception {
        // given: the refused row is found, and its letter waits for the lane's row
        Endpoint target = postgres.database(name, "varchar(40)");
        Goods goods = Goods.create(target);
        goods.barrier(1);
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.writeAll(goods.entries);
            try (Applier applier = Applier.start(quarantining(target, goods))) {
                ApplierReads.awaitBarrier(applier, 1);
                try (Connection other = target.connect();
                        var statement = other.createStatement()) {
                    other.setAutoCommit(false);
                    statement.execute("select * from lockstep.applied for update");
                    goods.entries.clear();
                    goods.transact(() -> {
                        goods.insert(Goods.tooMany(7));
                        goods.insert(Goods.row(8));
                    });
                    goods.barrier(2);
                    topic.writeAll(goods.entries);
                    awaitSession(target, "wait_event_type = 'Lock'");

                    // when
                    kafka.close();
                    other.rollback();
                }
                awaitSession(target, "state = 'idle in transaction'");

                // then
                assertThat(goods.ids(target)).as("no change without its letter").isEmpty();

                // when
                kafka = EmbeddedKafka.start(directory);

                // then
                ApplierReads.awaitBarrier(applier, 2);
                assertThat(ApplierReads.open(applier)).containsExactly("7 UPDATE");
                assertThat(goods.ids(target)).containsExactly(8L);
            }
        }
    }

    @Test
    void takesItsLaneOverOnceKafkaIsBack() throws Exception {
        // given
        Endpoint target = postgres.database(name, "varchar(40)");
        Goods goods = Goods.create(target);
        goods.transact(() -> goods.insert(Goods.row(7)));
        goods.barrier(1);
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.writeAll(goods.entries);
        }
        ApplyConfig config = quarantining(target, goods);

        // when
        kafka.close();
        try (Applier applier = Applier.start(config)) {
            await().atMost(LONG).until(() -> applier.trouble().orElse("").contains("Kafka"));
            kafka = EmbeddedKafka.start(directory);

            // then
            ApplierReads.awaitBarrier(applier, 1);
            assertThat(applier.trouble()).isEmpty();
        }
        assertThat(goods.ids(target)).containsExactly(7L);
    }

    @Test
    void stopsWhereKafkaTakesNoSuchLetterAndSaysWhy() throws Exception {
        Endpoint target = postgres.database(name, "varchar(40)");
        Goods goods = Goods.create(target);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            NewTopic small = new NewTopic(topics.deadLetters(), 1, (short) 1)
                    .configs(Map.of("max.message.bytes", "2000", "cleanup.policy", "delete"));
            admin.createTopics(List.of(small)).all().get();
        }
        goods.transact(() -> goods.insert(
                Goods.row(7, Map.of("note", new Value.Text("large".repeat(1000)), "amount", new Value.Whole(5000L)))));
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.writeAll(goods.entries);
            try (Applier applier = Applier.start(quarantining(target, goods))) {
                await().atMost(LONG).until(() -> applier.failure().isPresent());

                assertThat(applier.failure().orElseThrow())
                        .hasMessageContaining("Kafka refuses (dead letters)")
                        .hasMessageContaining("larger than the max message size");
            }
        }
        assertThat(goods.ids(target)).isEmpty();
    }

    private static void awaitSession(Endpoint target, String state) {
        await().atMost(LONG)
                .until(() -> TableReads.one(
                                target,
                                "select count(*) from pg_stat_activity where datname = current_database() and " + state)
                        .equals("1"));
    }

    private ApplyConfig quarantining(Endpoint target, Goods goods) {
        return ApplyConfigs.quarantining(kafka.bootstrap(), topics, target, 5000, goods.table);
    }
}
