package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.Migration.ApplyRules;
import dev.lockstep.schemas.migration.Migration.RefusedRows;
import dev.lockstep.schemas.table.TableMapping;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The target's server goes, with a word or without, and comes back: what it had committed is not written again, and what it lost is. */
class TargetAwayIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final long LAST_BARRIER = 1_000_000;

    /** A question without answer takes PostgreSQL's driver two of its seconds, as it asks for TLS first: it is asked three times until it is away. */
    private static final SessionWatch.Bounds IMPATIENT = new SessionWatch.Bounds(
            Duration.ofMillis(300), Duration.ofMillis(100), Duration.ofSeconds(6), Duration.ofSeconds(1));

    private static final List<ServerProcess> RESTARTED = new ArrayList<>();
    private static EmbeddedKafka kafka;
    private static TargetServer postgres;
    private static TargetServer mariaDb;
    private static TargetServer mySql;

    private final String name = "away" + NAMES.incrementAndGet();
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
        for (ServerProcess server : RESTARTED) server.end(true);
        postgres.close();
        mariaDb.close();
    }

    @ParameterizedTest
    @CsvSource({"postgres, false, 1", "postgres, true, 2", "mariadb, false, 3", "mariadb, true, 4"})
    void goesOnAfterTheServerWasStartedAgainAndWritesNoBatchTwice(String engine, boolean kill, long seed)
            throws Exception {
        // given
        Endpoint target = target(engine);
        Moves.watch(target);
        Bank bank = Bank.copied(target, seed);
        bank.transactions(200);
        bank.barrier(LAST_BARRIER);
        ServerProcess server = process(target);

        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics);
                Applier applier = Applier.start(config(target, bank, 400))) {
            // when: it ends amid the changes
            topic.writeAll(bank.entries);
            await().pollInterval(Duration.ofMillis(1)).atMost(LONG).until(() -> ApplierReads.hasReached(applier, 30));
            server.end(kill);
            await().atMost(LONG).until(() -> applier.trouble().isPresent());
            assertThat(applier.progress().barrierMicros()).isLessThan(LAST_BARRIER);
            server.start();

            // then
            bank.assertShownAtATransactionsEnd(target);
            await().atMost(LONG).until(() -> ApplierReads.hasReached(applier, LAST_BARRIER));
        }
        bank.assertShownAtATransactionsEnd(target);
        assertThat(Moves.of(target)).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(10);
    }

    /** PostgreSQL need not have flushed commits of copied rows: they and the offset behind them are lost together. */
    @Test
    void copiesAnewWhatTheServerHasLost() throws Exception {
        // given
        Endpoint target = target("postgres");
        Bank bank = Bank.copied(target, 5);
        int copied = bank.entries.size();
        bank.transactions(50);
        bank.barrier(LAST_BARRIER);
        ServerProcess server = process(target);

        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics);
                Applier applier = Applier.start(config(target, bank, 0))) {
            await().atMost(LONG).until(() -> applier.deadLetters().isPresent());
            String flusher =
                    TableReads.one(target, "select pid from pg_stat_activity where backend_type = 'walwriter'");
            ServerProcess.signal("-STOP", flusher);
            topic.writeAll(bank.entries.subList(0, copied));
            await().atMost(LONG).until(() -> applier.progress().copiedRows() == copied);

            // when
            server.end(true);
            ServerProcess.signal("-KILL", flusher);
            server.start();
            topic.writeAll(bank.entries.subList(copied, bank.entries.size()));

            // then
            await().atMost(LONG).until(() -> ApplierReads.hasReached(applier, LAST_BARRIER));
        }
        bank.assertShownAtATransactionsEnd(target);
        assertThat(bank.tables.read(target).applied().epoch())
                .as("it began anew")
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "postgres, SWALLOWED, 6",
        "postgres, UNHEARD, 7",
        "mariadb, SWALLOWED, 8",
        "mariadb, UNHEARD, 9",
        "mysql, SWALLOWED, 10",
        "mysql, UNHEARD, 11"
    })
    void goesOnAfterItsSessionWasLostWithoutAWord(String engine, Wire.Fate fate, long seed) throws Exception {
        // given
        Endpoint target = target(engine);
        Moves.watch(target);
        Bank bank = Bank.copied(target, seed);
        bank.transactions(20);
        int half = bank.entries.size();
        bank.transactions(40);
        bank.barrier(LAST_BARRIER);

        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics);
                Wire wire = Wire.to(target);
                Applier applier = Applier.start(config(wire.endpoint(), bank, 0), false, IMPATIENT)) {
            topic.writeAll(bank.entries.subList(0, half));
            await().atMost(LONG).until(() -> ApplierReads.hasReached(applier, 20));

            // when: nothing comes any more, and the server knows no session of before
            wire.become(Wire.once(fate, Wire::isCommit));
            topic.writeAll(bank.entries.subList(half, bank.entries.size()));
            await().atMost(LONG).until(wire::isSilent);
            TargetServer.cutConnections(target);

            // then
            await().atMost(LONG).until(() -> ApplierReads.hasReached(applier, LAST_BARRIER));
        }
        bank.assertShownAtATransactionsEnd(target);
        assertThat(Moves.of(target)).isSorted().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({"postgres, 12", "mariadb, 13", "mysql, 14"})
    void connectsAnewWhereItsServerDoesNotAnswerAtAll(String engine, long seed) throws Exception {
        // given
        Endpoint target = target(engine);
        Bank bank = Bank.copied(target, seed);
        bank.transactions(20);
        int half = bank.entries.size();
        bank.transactions(40);
        bank.barrier(LAST_BARRIER);

        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics);
                Wire wire = Wire.to(target);
                Applier applier = Applier.start(config(wire.endpoint(), bank, 0), false, IMPATIENT)) {
            topic.writeAll(bank.entries.subList(0, half));
            await().atMost(LONG).until(() -> ApplierReads.hasReached(applier, 20));

            // when
            wire.become(request -> Wire.Fate.SWALLOWED);
            topic.writeAll(bank.entries.subList(half, bank.entries.size()));

            // then
            await().atMost(LONG).until(() -> applier.trouble().orElse("").contains("cannot be reached"));
            await().atMost(LONG).until(() -> applier.trouble().orElse("").contains("takes no changes"));
            TargetServer.cutConnections(target); // as the server does by itself after some seconds
            wire.become(request -> Wire.Fate.PASSES);
            await().atMost(LONG).until(() -> ApplierReads.hasReached(applier, LAST_BARRIER));
        }
        bank.assertShownAtATransactionsEnd(target);
    }

    /** MariaDB's driver would wait for the server, too. */
    @Test
    void endsThoughItsServerDoesNotAnswer() throws Exception {
        Endpoint target = target("mariadb");
        Bank bank = Bank.copied(target, 1);
        bank.transactions(20);
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics);
                Wire wire = Wire.to(target);
                Applier applier = Applier.start(config(wire.endpoint(), bank, 0))) {
            wire.become(Wire.once(Wire.Fate.SWALLOWED, Wire::isMove));
            topic.writeAll(bank.entries);
            await().atMost(LONG).until(wire::isSilent);

            assertTimeoutPreemptively(LONG, applier::close);
        }
    }

    private static ServerProcess process(Endpoint target) throws Exception {
        ServerProcess server = ServerProcess.of(target);
        RESTARTED.add(server);
        return server;
    }

    /**
     * @param rowsPerSecond 0: as many as it can
     */
    private ApplyConfig config(Endpoint target, Bank bank, int rowsPerSecond) {
        return ApplyConfigs.of(
                kafka.bootstrap(),
                topics,
                target,
                new ApplyRules(20, rowsPerSecond, RefusedRows.STOP, Migration.Cascades.REFUSE),
                bank.tables.all().toArray(TableMapping[]::new));
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
