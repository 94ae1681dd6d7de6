package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.table.TableMapping;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Cascades that no log tells of, whatever fails and however much of them one batch holds: the target shows every table as the source stood
 * at the end of the transaction that the stored position names.
 */
class CascadingApplierIT {

    private static final Duration LONG = Duration.ofSeconds(90);
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final long LAST_BARRIER = 1_000_000;

    private static EmbeddedKafka kafka;
    private static TargetServer postgres;
    private static TargetServer mariaDb;
    private static TargetServer mySql;

    private final String name = "family" + NAMES.incrementAndGet();
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
    @CsvSource({"postgres, 1, 1000", "postgres, 2, 20", "mariadb, 3, 1000", "mariadb, 4, 1", "mysql, 5, 100"})
    void makesThemOnceAndInTheirPlaceWhoeverAppliesAndWhateverIsSentTwice(String engine, long seed, int batchRows)
            throws Exception {
        // given
        Endpoint target = target(engine);
        Family family = new Family(TargetServer.schema(target), seed);
        family.transactions(300);
        family.barrier(LAST_BARRIER);
        Random random = new Random(seed);
        List<Applier> older = new ArrayList<>();

        // when
        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics);
                Wire wire = Wire.to(target)) {
            topic.write(family.entries, 400);
            wire.become(Wire.accidents(seed, 120));
            for (int i = 0; i < 4; i++) {
                Applier applier = Applier.start(config(wire.endpoint(), family, batchRows));
                int enough = random.nextInt(6);
                await().pollInterval(Duration.ofMillis(1))
                        .atMost(LONG)
                        .until(() -> applier.deadLetters().isPresent()); // it has the lane
                await().pollInterval(Duration.ofMillis(1))
                        .atMost(LONG)
                        .until(() -> applier.progress().transactions() >= enough
                                || ApplierReads.hasReached(applier, LAST_BARRIER));
                if (random.nextBoolean()) applier.close();
                else older.add(applier);

                // then
                assertStandsAtATransactionsEnd(family, target);
            }
            try (Applier last = Applier.start(config(wire.endpoint(), family, batchRows))) {
                await().atMost(LONG).until(() -> ApplierReads.hasReached(last, LAST_BARRIER));
            }
        } finally {
            older.forEach(Applier::close);
        }
        assertStandsAtATransactionsEnd(family, target);
        assertThat(TableReads.one(target, "select at_micros from lockstep.barrier"))
                .isEqualTo(Long.toString(LAST_BARRIER));
    }

    private static void assertStandsAtATransactionsEnd(Family family, Endpoint target) throws SQLException {
        try (Connection connection = TargetServer.snapshot(target)) {
            long transaction = TargetServer.applied(connection).position().major();
            if (transaction == 0) return;
            for (int i = 0; i < family.tables.size(); i++) {
                Destination table = Destination.of(family.tables.get(i), Side.SOURCE);
                List<Row> found = TableReads.rows(connection, target.dialect(), table);
                assertThat(TableReads.canonical(found))
                        .as("%s after transaction %s", table.id(), transaction)
                        .isEqualTo(TableReads.canonical(
                                family.states.get(transaction).get(i)));
            }
        }
    }

    private ApplyConfig config(Endpoint target, Family family, int batchRows) {
        return ApplyConfigs.of(
                kafka.bootstrap(), topics, target, batchRows, family.tables.toArray(TableMapping[]::new));
    }

    private Endpoint target(String engine) throws Exception {
        TargetServer server =
                switch (engine) {
                    case "postgres" -> postgres;
                    case "mariadb" -> mariaDb;
                    default -> mySql;
                };
        Endpoint target = server.database(name);
        String cascade = " on delete cascade on update cascade";
        TableReads.execute(
                target,
                "create table parents (id bigint primary key, code bigint unique)",
                "create table children (id bigint primary key, parent bigint, code bigint,"
                        + " constraint of_parent foreign key (parent) references parents (id)" + cascade + ")",
                "create table grandchildren (id bigint primary key, child bigint)",
                "create table selves (id bigint primary key, above bigint)");
        return target;
    }
}
