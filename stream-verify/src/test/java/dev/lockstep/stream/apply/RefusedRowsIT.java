package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.Migration.ApplyRules;
import dev.lockstep.schemas.migration.Migration.RefusedRows;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that the target cannot take: each is named, with what the database says and what to do. */
class RefusedRowsIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final AtomicInteger NAMES = new AtomicInteger();

    enum Engine {
        POSTGRES,
        MARIADB,
        MYSQL
    }

    private static final Map<Engine, TargetServer> SERVERS = new EnumMap<>(Engine.class);
    private static EmbeddedKafka kafka;

    private final String name = "refused" + NAMES.incrementAndGet();
    private final Topics topics = new Topics(name);

    @BeforeAll
    static void start(@TempDir Path directory) {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        SERVERS.put(Engine.POSTGRES, TargetServer.postgres(directory.resolve("postgres")));
        SERVERS.put(Engine.MARIADB, TargetServer.mariaDb(directory.resolve("mariadb")));
        SERVERS.put(Engine.MYSQL, TargetServer.mySql(directory));
    }

    @AfterAll
    static void stop() throws Exception {
        kafka.close();
        for (TargetServer server : SERVERS.values()) server.close();
    }

    @ParameterizedTest
    @CsvSource({"POSTGRES, 23514", "MARIADB, 23000", "MYSQL, HY000"})
    void stopsAtARowThatIsRefusedAndNamesItWithTheRemedy(Engine engine, String state) throws Exception {
        // given
        Endpoint target = SERVERS.get(engine).database(name, "varchar(40)");
        Goods goods = Goods.create(target);
        goods.transact(() -> {
            for (long id = 100; id < 200; id++) goods.insert(id == 163 ? Goods.tooMany(id) : Goods.row(id));
        });

        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.writeAll(goods.entries);

            // when
            try (Applier applier = Applier.start(config(target, goods))) {
                await().atMost(LONG).until(() -> applier.failure().isPresent());

                // then
                assertThat(applier.failure().orElseThrow())
                        .isInstanceOf(ApplyException.class)
                        .hasMessageContaining("table src.goods, key (163)")
                        .hasMessageContaining("SQLSTATE " + state)
                        .hasMessageContaining("make the constraint there agree")
                        .message()
                        .as("no values of the row: messages end in logs")
                        .doesNotContain("no 163");
            }
        }
        assertThat(goods.rows(target)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"MARIADB, STOP", "MARIADB, QUARANTINE", "MYSQL, STOP", "MYSQL, QUARANTINE"})
    void namesARowThatIsLargerThanTheServerTakes(Engine engine, RefusedRows policy) throws Exception {
        // given
        Endpoint target = SERVERS.get(engine).database(name, "varchar(40)");
        Goods goods = Goods.create(target);
        goods.transact(() -> {
            for (long id = 100; id < 110; id++)
                goods.insert(
                        id == 105
                                ? Goods.row(id, Map.of("note", new Value.Text("large".repeat(100_000))))
                                : Goods.row(id));
        });
        goods.barrier(1);
        String before = TableReads.one(target, "select @@global.max_allowed_packet");
        TableReads.execute(target, "set global max_allowed_packet = 262144");

        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.writeAll(goods.entries);

            // when
            try (Applier applier = Applier.start(ApplyConfigs.of(
                    kafka.bootstrap(),
                    topics,
                    target,
                    new ApplyRules(5000, 0, policy, Migration.Cascades.REFUSE),
                    goods.table))) {
                await().atMost(LONG)
                        .until(() -> applier.failure().isPresent()
                                || applier.progress().barrierMicros() == 1);

                // then
                if (policy == RefusedRows.STOP)
                    assertThat(applier.failure().orElseThrow())
                            .hasMessageContaining("table src.goods, key (105)")
                            .hasMessageContaining("raise max_allowed_packet");
                else assertThat(ApplierReads.open(applier)).containsExactly("105 UPDATE");
            }
        } finally {
            TableReads.execute(target, "set global max_allowed_packet = " + before);
        }
        assertThat(goods.ids(target))
                .hasSize(policy == RefusedRows.STOP ? 0 : 9)
                .doesNotContain(105L);
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = "POSTGRES",
            mode = EnumSource.Mode.EXCLUDE) // fires none of its triggers for us
    void setsARowAsideThatATriggerRefuses(Engine engine) throws Exception {
        // given
        Endpoint target = SERVERS.get(engine).database(name, "varchar(40)");
        Goods goods = Goods.create(target);
        for (String[] event : new String[][] {{"insert", "new.id = 7"}, {"delete", "old.id = 5"}})
            TableReads.execute(
                    target,
                    "create trigger no_" + event[0] + " before " + event[0] + " on goods for each row begin if "
                            + event[1] + " then signal sqlstate '45000' set message_text = 'no'; end if; end");
        goods.transact(() -> {
            for (long id = 1; id < 10; id++) goods.insert(Goods.row(id));
        });
        goods.barrier(1);
        goods.transact(() -> {
            for (long id = 4; id < 7; id++) goods.delete(id);
            for (long id = 10; id < 20; id++) goods.insert(Goods.row(id));
        });
        goods.barrier(2);

        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.writeAll(goods.entries);

            // when
            try (Applier applier = Applier.start(quarantining(target, goods))) {
                ApplierReads.awaitBarrier(applier, 2);

                // then
                assertThat(ApplierReads.open(applier)).containsExactly("7 UPDATE", "5 DELETE");
                assertThat(goods.ids(target)).hasSize(16).contains(5L).doesNotContain(4L, 6L, 7L);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void setsARefusedRowAsideWithItsLaterChangesAndAppliesTheOthers(Engine engine) throws Exception {
        // given
        Endpoint target = SERVERS.get(engine).database(name, "varchar(40)");
        Goods goods = Goods.create(target);
        for (long id = 1; id < 60; id++) goods.copy(id == 33 ? Goods.tooMany(id) : Goods.row(id));
        goods.barrier(1);
        goods.transact(() -> {
            for (long id = 100; id < 200; id++)
                goods.insert(id == 163 || id == 170 ? Goods.tooLarge(id) : Goods.row(id));
        });
        goods.barrier(2);
        goods.transact(() -> {
            goods.update(Goods.row(163)); // it would fit by now
            goods.delete(170);
            goods.delete(101);
        });
        goods.barrier(3);

        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.writeAll(goods.entries);

            // when
            try (Applier applier = Applier.start(quarantining(target, goods))) {
                ApplierReads.awaitBarrier(applier, 3);

                // then
                assertThat(ApplierReads.open(applier)).containsExactlyInAnyOrder("33 READ", "163 UPDATE", "170 DELETE");
                assertThat(ApplierReads.letters(applier).open())
                        .filteredOn(letter -> letter.key().display().equals("(163)"))
                        .singleElement()
                        .satisfies(letter -> {
                            assertThat(letter.letters()).isEqualTo(2);
                            assertThat(letter.error())
                                    .as("of the refusal")
                                    .contains("small", "a type that holds this value");
                        });
                assertThat(goods.ids(target)).hasSize(58 + 97).doesNotContain(33L, 101L, 163L, 170L);
            }

            // when: another takes over, and one row cannot be written yet
            goods.entries.clear();
            goods.transact(() -> goods.update(Goods.row(163, Map.of("note", new Value.Text("newest")))));
            goods.barrier(4);
            topic.writeAll(goods.entries);
            try (Applier applier = Applier.start(config(target, goods))) {
                ApplierReads.awaitBarrier(applier, 4);
                assertThat(ApplierReads.open(applier)).as("whatever the policy").contains("163 UPDATE");
                DeadLetters.Outcome outcome = ApplierReads.letters(applier).retry(letter -> true, "me@here");

                // then
                assertThat(outcome.settled()).isEqualTo(2);
                assertThat(outcome.refused()).singleElement().asString().contains("src.goods (33)", "constraint");
                assertThat(ApplierReads.open(applier)).containsExactly("33 READ");
                assertThat(goods.ids(target)).hasSize(58 + 98).contains(163L).doesNotContain(170L);
                assertThat(TableReads.one(target, "select note from goods where id = 163"))
                        .isEqualTo("newest");

                // when
                ApplierReads.letters(applier).discard(letter -> true, "me@here");
                goods.entries.clear();
                goods.transact(() -> goods.update(Goods.row(33)));
                goods.barrier(5);
                topic.writeAll(goods.entries);
                ApplierReads.awaitBarrier(applier, 5);

                // then
                assertThat(goods.ids(target)).as("it follows again").contains(33L);
            }
            try (Applier applier = Applier.start(quarantining(target, goods))) {
                await().atMost(LONG).until(() -> applier.deadLetters().isPresent());
                assertThat(ApplierReads.open(applier)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void blamesNoRowForOneThatTheCopyHasFromLater(Engine engine) throws Exception {
        // given: row 8 was copied later than row 7, which had its label until then
        Endpoint target = SERVERS.get(engine).database(name, "varchar(40)");
        Goods goods = Goods.create(target);
        Row later = Goods.row(8, Map.of("label", new Value.Text("no 7")));
        goods.copy(later);
        goods.transact(() -> {
            goods.insert(Goods.row(7));
            goods.insert(Goods.tooMany(9));
        });
        goods.transact(() -> goods.update(Goods.row(7, Map.of("label", new Value.Text("other")))));
        goods.transact(() -> goods.insert(later));
        goods.barrier(1);

        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.writeAll(goods.entries);

            // when
            try (Applier applier = Applier.start(quarantining(1, target, goods))) {
                ApplierReads.awaitBarrier(applier, 1);

                // then
                assertThat(ApplierReads.open(applier)).containsExactly("9 UPDATE");
                assertThat(goods.ids(target)).containsExactlyInAnyOrder(7L, 8L);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"POSTGRES, 1", "MARIADB, 2"})
    void losesNoChangeWhereverItIsKilled(Engine engine, long seed) throws Exception {
        // given: of every key, in the end, the newest change counts, applied or in a letter
        Endpoint target = SERVERS.get(engine).database(name, "varchar(40)");
        Goods goods = Goods.create(target);
        Random random = new Random(seed);
        Map<Long, String> newest = new HashMap<>();
        for (int transaction = 1; transaction <= 300; transaction++) {
            String note = "of " + transaction;
            goods.transact(() -> {
                for (int i = random.nextInt(4); i >= 0; i--) {
                    long id = random.nextInt(80);
                    long amount = random.nextInt(40) == 0 ? 5000 : 1;
                    newest.put(id, note);
                    goods.update(
                            Goods.row(id, Map.of("note", new Value.Text(note), "amount", new Value.Whole(amount))));
                }
            });
            if (transaction % 10 == 0) goods.barrier(transaction);
        }

        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.write(goods.entries, 50);

            // when
            for (int kills = 0; kills < 5; kills++) {
                try (Applier applier = Applier.start(quarantining(10, target, goods))) {
                    long until = random.nextInt(30);
                    await().pollInterval(Duration.ofMillis(1))
                            .atMost(LONG)
                            .until(() -> applier.progress().transactions() >= until
                                    || applier.progress().barrierMicros() == 300);
                    if (random.nextBoolean()) TargetServer.cutConnections(target);
                }
            }
            try (Applier applier = Applier.start(quarantining(10, target, goods))) {
                ApplierReads.awaitBarrier(applier, 300);

                // then
                Map<Long, String> found = new HashMap<>();
                for (Row row : goods.rows(target)) found.put(Goods.id(row), ((Value.Text) row.get(4)).value());
                assertThat(ApplierReads.letters(applier).open()).isNotEmpty();
                for (OpenLetter letter : ApplierReads.letters(applier).open()) {
                    Row row = Objects.requireNonNull(letter.newest().after());
                    found.put(Goods.id(row), ((Value.Text) row.get(4)).value());
                }
                assertThat(found).isEqualTo(newest);

                // when
                TableReads.execute(target, "alter table goods drop constraint cheap");
                ApplierReads.letters(applier).retry(letter -> true, "me@here");

                // then
                assertThat(ApplierReads.open(applier)).isEmpty();
                assertThat(goods.rows(target))
                        .hasSameSizeAs(newest.keySet())
                        .allSatisfy(row -> assertThat(row.get(4)).isEqualTo(new Value.Text(newest.get(Goods.id(row)))));
            }
        }
    }

    @Test
    void stopsWhereMoreRowsAreRefusedThanCanBeAMatterOfSingleRows() throws Exception {
        Endpoint target = SERVERS.get(Engine.POSTGRES).database(name, "varchar(40)");
        Goods goods = Goods.create(target);
        goods.transact(() -> {
            for (long id = 0; id < 3000; id++) goods.insert(id % 2 == 0 ? Goods.tooMany(id) : Goods.row(id));
        });
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.writeAll(goods.entries);
            try (Applier applier = Applier.start(quarantining(target, goods))) {
                await().atMost(LONG).until(() -> applier.failure().isPresent());

                assertThat(applier.failure().orElseThrow())
                        .hasMessageContaining("no matter of single rows")
                        .hasMessageContaining("make the constraint there agree");
                assertThat(goods.rows(target)).isEmpty();
            }
        }
    }

    @Test
    void setsNoRowsAsideWhereTheTableIsAtFault() throws Exception {
        Endpoint target = SERVERS.get(Engine.MYSQL).database(name, "varchar(40)");
        Goods goods = Goods.create(target);
        TableReads.execute(target, "alter table goods drop column small");
        goods.transact(() -> goods.insert(Goods.row(1)));
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.writeAll(goods.entries);
            try (Applier applier = Applier.start(quarantining(target, goods))) {
                await().atMost(LONG).until(() -> applier.failure().isPresent());

                assertThat(applier.failure().orElseThrow()).hasMessageContaining("add the column there");
            }
        }
    }

    private ApplyConfig quarantining(Endpoint target, Goods goods) {
        return quarantining(5000, target, goods);
    }

    private ApplyConfig quarantining(int batchRows, Endpoint target, Goods goods) {
        return ApplyConfigs.quarantining(kafka.bootstrap(), topics, target, batchRows, goods.table);
    }

    private ApplyConfig config(Endpoint target, Goods goods) {
        return ApplyConfigs.of(kafka.bootstrap(), topics, target, 5000, goods.table);
    }
}
