package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.table.TableMapping;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever fails, the target shows the source as it stood at the end of one of its transactions, the one that the stored position names, and
 * at last what the source shows. Every batch is written once.
 */
class ExactlyOnceIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final long LAST_BARRIER = 1_000_000;

    private static EmbeddedKafka kafka;
    private static TargetServer postgres;
    private static TargetServer mariaDb;
    private static TargetServer mySql;

    private final String name = "once" + NAMES.incrementAndGet();
    private final Topics topics = new Topics(name);

    @BeforeAll
    static void start(@TempDir Path directory) {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        postgres = TargetServer.postgres(directory.resolve("postgres"));
        mariaDb = TargetServer.mariaDb(directory.resolve("mariadb"));
        mySql = TargetServer.mySql(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        kafka.close();
        postgres.close();
        mariaDb.close();
    }

    @ParameterizedTest
    @CsvSource({"postgres, 1, 40", "postgres, 2, 1", "mariadb, 3, 40", "mariadb, 4, 1", "mysql, 5, 40"})
    void bringsTheTargetToTheSourcesStateWhateverIsSentTwice(String engine, long seed, int batchRows) throws Exception {
        // given
        Endpoint target = target(engine);
        Bank bank = Bank.copied(target, seed);
        bank.transactionsSentTwice(200);
        bank.barrier(LAST_BARRIER);
        List<Lane.Entry> streamed = bank.entries.stream()
                .filter(entry -> entry.change().operation() != Operation.READ)
                .toList();

        // when: everything comes, and from the first change on everything again
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics);
                Applier applier = Applier.start(config(target, bank, batchRows))) {
            topic.write(bank.entries, 300);
            topic.writeAll(streamed);
            bank.barrier(LAST_BARRIER + 1);
            topic.writeAll(bank.entries.subList(bank.entries.size() - 2, bank.entries.size()));
            await().atMost(LONG).until(() -> ApplierReads.hasReached(applier, LAST_BARRIER + 1));
        }

        // then
        bank.assertShownAtATransactionsEnd(target);
        assertThat(bank.tables.read(target).barrierMicros()).isEqualTo(LAST_BARRIER + 1);
    }

    @ParameterizedTest
    @CsvSource({"postgres, 1", "mariadb, 2", "mysql, 3"})
    void goesOnAfterEveryCutOfItsLineAndWritesNoBatchTwice(String engine, long seed) throws Exception {
        // given
        Endpoint target = target(engine);
        Moves.watch(target);
        Bank bank = Bank.copied(target, seed);
        bank.transactions(100);
        bank.barrier(LAST_BARRIER);

        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics);
                Wire wire = Wire.to(target);
                Applier applier = Applier.start(config(wire.endpoint(), bank, 20))) {
            // when
            awaitClaimed(applier);
            wire.become(Wire.accidents(seed, 60));
            topic.writeAll(bank.entries);
            while (!ApplierReads.hasReached(applier, 60)) bank.assertShownAtATransactionsEnd(target);
            int before = wire.cuts();
            wire.become(Wire.cutCommits());
            await().atMost(LONG).until(() -> ApplierReads.hasReached(applier, LAST_BARRIER));

            // then
            assertThat(before).isPositive();
            assertThat(wire.cuts() - before).isGreaterThan(2);
        }
        bank.assertShownAtATransactionsEnd(target);
        assertThat(Moves.of(target)).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @CsvSource({"postgres, 1", "mariadb, 3", "mysql, 5"})
    void isHandedFromOneApplierToAnotherAtAnyPoint(String engine, long seed) throws Exception {
        // given
        Endpoint target = target(engine);
        Bank bank = Bank.copied(target, seed);
        bank.transactionsSentTwice(200);
        bank.barrier(LAST_BARRIER);
        Random random = new Random(seed);
        List<Applier> older = new ArrayList<>();

        // when
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics);
                Wire wire = Wire.to(target)) {
            topic.write(bank.entries, 300);
            wire.become(Wire.accidents(seed, 80));
            for (int i = 0; i < 8; i++) {
                Applier applier = Applier.start(config(wire.endpoint(), bank, 20));
                int enough = random.nextInt(8);
                awaitClaimed(applier); // who claims last has the lane, whoever started last
                await().pollInterval(Duration.ofMillis(1))
                        .atMost(LONG)
                        .until(() -> applier.progress().transactions() >= enough
                                || ApplierReads.hasReached(applier, LAST_BARRIER));
                if (random.nextBoolean()) applier.close();
                else older.add(applier); // the next one takes over while it works

                // then
                bank.assertShownAtATransactionsEnd(target);
            }
            try (Applier last = Applier.start(config(wire.endpoint(), bank, 20))) {
                await().atMost(LONG).until(() -> ApplierReads.hasReached(last, LAST_BARRIER));
            }
        } finally {
            older.forEach(Applier::close);
        }
        bank.assertShownAtATransactionsEnd(target);
        assertThat(bank.tables.read(target).barrierMicros()).isEqualTo(LAST_BARRIER);
    }

    @ParameterizedTest
    @CsvSource({"postgres, true", "mariadb, true", "mysql, true", "postgres, false", "mariadb, false"})
    void letsNothingOfOneLandThatWakesUpAfterItWasOvertaken(String engine, boolean atCommit) throws Exception {
        // given
        Endpoint target = target(engine);
        Bank bank = Bank.copied(target, 1);
        bank.transactions(20);
        int half = bank.entries.size();
        bank.transactions(40);
        bank.barrier(LAST_BARRIER);

        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics);
                Wire wire = Wire.to(target);
                Applier older = Applier.start(config(wire.endpoint(), bank, 20))) {
            topic.writeAll(bank.entries.subList(0, half));
            await().atMost(LONG).until(() -> ApplierReads.hasReached(older, 20));

            // when it is frozen with its rows written, right before the offset is moved or the transaction committed
            wire.become(Wire.freezeAt(atCommit ? Wire::isCommit : Wire::isMove));
            topic.writeAll(bank.entries.subList(half, bank.entries.size()));
            await().atMost(LONG).until(wire::holds);
            if (atCommit) TargetServer.cutConnections(target); // as the server does by itself after some seconds
            try (Applier newer = Applier.start(config(target, bank, 20))) {
                await().atMost(LONG).until(() -> epoch(bank, target) == 2);
                if (atCommit) await().atMost(LONG).until(() -> ApplierReads.hasReached(newer, LAST_BARRIER));
                wire.release();
                await().atMost(LONG).until(() -> ApplierReads.hasReached(newer, LAST_BARRIER));
            }

            // then
            await().atMost(LONG).until(() -> older.failure().isPresent());
            assertThat(older.failure().orElseThrow()).hasMessageContaining("another applier has taken over");
            assertThat(older.progress().barrierMicros()).isEqualTo(20);
        }
        bank.assertShownAtATransactionsEnd(target);
    }

    @ParameterizedTest
    @CsvSource({"postgres, 1", "mariadb, 2", "mysql, 3"})
    void goesOnAfterADeadlockThatItLoses(String engine, long seed) throws Exception {
        // given
        Endpoint target = target(engine);
        Bank bank = Bank.copied(target, seed);
        int copied = bank.entries.size();
        long first = bank.touchAll();
        // PostgreSQL looks for a deadlock once in each session that waits: not before there is one, and not in ours
        if (engine.equals("postgres"))
            TableReads.execute(
                    target,
                    "do $$ begin execute format('alter database %I set deadlock_timeout = %L', current_database(), '5s'); end $$");
        bank.barrier(LAST_BARRIER);

        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics);
                Applier applier = Applier.start(config(target, bank, 40));
                Connection other = target.connectWriter();
                var session = other.createStatement()) {
            topic.writeAll(bank.entries.subList(0, copied));
            await().atMost(LONG).until(() -> applier.progress().copiedRows() == copied);

            // when: it waits for our last row with all others locked, and we for its first. InnoDB ends who has changed
            // fewer rows, PostgreSQL who has waited longer
            TableReads.execute(target, "create table weight (id bigint)");
            if (engine.equals("postgres")) session.execute("set deadlock_timeout = '60s'");
            other.setAutoCommit(false);
            session.execute("insert into weight values " + "(1), ".repeat(500) + "(1)");
            session.execute("update accounts set balance = balance where id = " + bank.lastAccount());
            topic.writeAll(bank.entries.subList(copied, bank.entries.size()));
            await().atMost(LONG).until(() -> isWaitedFor(target));
            session.execute("update accounts set balance = balance where id = " + first);

            // then
            await().atMost(LONG)
                    .until(
                            () -> applier.trouble().orElse(""),
                            said -> said.toLowerCase(Locale.ROOT).contains("deadlock"));
            other.rollback();
            await().atMost(LONG).until(() -> ApplierReads.hasReached(applier, LAST_BARRIER));
        }
        bank.assertShownAtATransactionsEnd(target);
    }

    /** Whether a session waits for another's row. */
    private static boolean isWaitedFor(Endpoint target) throws SQLException {
        String waiting =
                switch (target.dialect().engine()) {
                    case "postgresql" -> "select count(*) from pg_locks where not granted";
                    case "mariadb" -> "select count(*) from information_schema.innodb_lock_waits";
                    default -> "select count(*) from performance_schema.data_lock_waits";
                };
        return !TableReads.one(target, waiting).equals("0");
    }

    @Test
    void goesOnAfterTheBrokerWasStartedAgain(@TempDir Path directory) throws Exception {
        Endpoint target = target("postgres");
        Bank bank = Bank.copied(target, 1);
        bank.transactions(100);
        int half = bank.entries.size();
        bank.transactions(100);
        bank.barrier(LAST_BARRIER);

        EmbeddedKafka broker = EmbeddedKafka.start(directory);
        try (LaneTopic topic = new LaneTopic(broker.bootstrap(), topics);
                Applier applier = Applier.start(config(broker, target, bank, 20))) {
            topic.write(bank.entries.subList(0, half), 100);
            await().atMost(LONG).until(() -> ApplierReads.hasReached(applier, 10));
            broker.close();
            broker = EmbeddedKafka.start(directory); // at the same address
            topic.writeAll(bank.entries.subList(half, bank.entries.size()));
            await().atMost(LONG).until(() -> ApplierReads.hasReached(applier, LAST_BARRIER));
        } finally {
            broker.close();
        }
        bank.assertShownAtATransactionsEnd(target);
    }

    private static void awaitClaimed(Applier applier) {
        await().pollInterval(Duration.ofMillis(1))
                .atMost(LONG)
                .until(() -> applier.deadLetters().isPresent());
    }

    private static long epoch(Bank bank, Endpoint target) throws SQLException {
        return bank.tables.read(target).applied().epoch();
    }

    private ApplyConfig config(Endpoint target, Bank bank, int batchRows) {
        return config(kafka, target, bank, batchRows);
    }

    private ApplyConfig config(EmbeddedKafka broker, Endpoint target, Bank bank, int batchRows) {
        return ApplyConfigs.of(
                broker.bootstrap(), topics, target, batchRows, bank.tables.all().toArray(TableMapping[]::new));
    }

    private Endpoint target(String engine) throws Exception {
        TargetServer server =
                switch (engine) {
                    case "postgres" -> postgres;
                    case "mariadb" -> mariaDb;
                    default -> mySql;
                };
        Endpoint target = server.database(name);
        BankTables.create(target);
        return target;
    }
}
