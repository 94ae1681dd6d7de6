package dev.lockstep.cutover.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String A = "192.0.2.1";
    private static final String B = "192.0.2.2";

    @TempDir
    private static Path directory;

    private static Databases databases;
    private static int shops;

    /** What the name says. */
    private final AtomicReference<String> name = new AtomicReference<>(A);

    @BeforeAll
    static void startServers() {
        databases = new Databases(directory);
    }

    @AfterAll
    static void stopServers() {
        databases.close();
    }

    private static Destination shop(String engine) throws SQLException {
        return engine.equals("postgres")
                ? databases.postgresShop("shop" + ++shops, 3_000)
                : databases.mariadbShop(3_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void whatWasAcknowledgedIsThereAndWhatIsTakenAwayIsMissed(String engine) throws Exception {
        Destination admin = shop(engine);
        try (Load load = start(Map.of(A, Databases.application(admin)), 300);
                Connection connection = Databases.connect(admin)) {
            await().atMost(PATIENCE).until(() -> load.ledger().acknowledged() >= 900);
            load.stop();

            Audit audit = load.ledger().audit(connection, admin.dialect());
            assertThat(audit.firstLost()).isEmpty();
            assertThat(audit.errors()).as("%s", load.ledger().failures()).isZero();
            assertThat(load.ledger().rows()).isGreaterThan(1_000);
            assertThat(everyTableWasWritten(connection)).isTrue();

            long payment = Databases.number(connection, "select max(id) from shop.payments where version > 1");
            Databases.execute(connection, "delete from shop.payments where id = " + payment);
            long product = Databases.number(connection, "select min(id) from shop.products where version > 1");
            Databases.execute(connection, "update shop.products set version = version - 1 where id = " + product);

            Audit afterwards = load.ledger().audit(connection, admin.dialect());
            assertThat(afterwards.lost()).isEqualTo(2);
            assertThat(afterwards.firstLost().get(0))
                    .startsWith("shop.payments (" + payment + "):")
                    .endsWith("not there");
            assertThat(afterwards.firstLost().get(1)).startsWith("shop.products (" + product + "):");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void aKilledConnectionIsAnErrorAndNotALoss(String engine) throws Exception {
        Destination admin = shop(engine);
        try (Load load = start(Map.of(A, Databases.application(admin)), 300);
                Connection connection = Databases.connect(admin)) {
            for (int round = 0; round < 5; round++) {
                long before = load.ledger().acknowledged();
                await().atMost(PATIENCE).until(() -> load.ledger().acknowledged() >= before + 50);
                killApplication(connection, engine);
            }
            long before = load.ledger().acknowledged();
            await().atMost(PATIENCE).until(() -> load.ledger().acknowledged() >= before + 100);
            load.stop();

            assertThat(load.ledger().errors()).isPositive();
            assertThat(load.ledger().failures())
                    .allSatisfy(f -> assertThat(f.address()).isEqualTo(A));
            assertThat(load.ledger().audit(connection, admin.dialect()).firstLost())
                    .isEmpty();
        }
    }

    @Test
    void aMovedNameMovesTheWritesAndNothingIsLostWhereTheDataCameAlong() throws Exception {
        Destination admin = shop("postgres");
        Destination application = Databases.application(admin);
        try (Load load = start(Map.of(A, application, B, application), 300);
                Connection connection = Databases.connect(admin)) {
            await().atMost(PATIENCE).until(() -> load.ledger().acknowledged() >= 100);
            name.set(B);
            await().atMost(PATIENCE).until(() -> acknowledgedAt(load, B) >= 200);
            long old = acknowledgedAt(load, A);
            long newer = acknowledgedAt(load, B);
            await().atMost(PATIENCE).until(() -> acknowledgedAt(load, B) >= newer + 100);
            load.stop();

            assertThat(acknowledgedAt(load, A)).as("nobody stays behind").isEqualTo(old);
            assertThat(load.ledger().pause()).isPositive().isLessThan(PATIENCE);
            assertThat(load.ledger().audit(connection, admin.dialect()).firstLost())
                    .isEmpty();
        }
    }

    @Test
    void aFencedServerIsLeftOnceTheNameMovesAndWritesThatDidNotComeAlongAreMissed() throws Exception {
        Destination source = shop("mariadb");
        Destination target = shop("postgres");
        try (Load load = start(Map.of(A, Databases.application(source), B, Databases.application(target)), 300);
                Connection atSource = Databases.connect(source);
                Connection atTarget = Databases.connect(target)) {
            await().atMost(PATIENCE).until(() -> load.ledger().acknowledged() >= 200);
            Databases.execute(atSource, "set global read_only = 1");
            long fenced = acknowledgedAt(load, A);
            await().atMost(PATIENCE).until(() -> load.ledger().errors() >= 10);
            assertThat(acknowledgedAt(load, A)).isLessThanOrEqualTo(fenced + 4);

            name.set(B);
            await().atMost(PATIENCE).until(() -> acknowledgedAt(load, B) >= 100);
            load.stop();

            Audit atNewHome = load.ledger().audit(atTarget, target.dialect());
            assertThat(atNewHome.lost()).as("nothing was copied").isGreaterThan(100);
            assertThat(load.ledger().failures())
                    .anySatisfy(f -> assertThat(f.message()).contains("read-only"));
            Databases.execute(atSource, "set global read_only = 0");
        }
    }

    @Test
    void errorsAreCollectedWhileThereIsNoDatabaseAndTheFirstCommitSaysWhy() throws Exception {
        try (Load load = start(Map.of(B, new Destination("jdbc:postgresql://127.0.0.1:1/shop", "u", "p")), 100)) {
            await().atMost(PATIENCE).until(() -> load.ledger().errors() >= 3);
            assertThat(load.ledger().failures().get(0).message()).contains("no database is known at " + A);

            name.set(B);
            await().atMost(PATIENCE)
                    .until(() -> load.ledger().failures().stream()
                            .anyMatch(f -> f.code().equals("08001")));
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> load.awaitFirstCommit(Duration.ofMillis(1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("last error");
        }
    }

    private Load start(Map<String, Destination> destinations, double rate) {
        Resolver resolver = () -> new Resolver.Answer(name.get(), Duration.ofMillis(100));
        return Load.start(LoadConfig.of(resolver, destinations, rate));
    }

    private static long acknowledgedAt(Load load, String address) {
        return load.ledger().acknowledgedByAddress().getOrDefault(address, 0L);
    }

    private static boolean everyTableWasWritten(Connection connection) throws SQLException {
        for (ShopTable table : ShopTable.values())
            if (Databases.number(connection, "select count(*) from " + table.id() + " where version > 1") == 0)
                return false;
        return true;
    }

    private static void killApplication(Connection connection, String engine) throws SQLException {
        if (engine.equals("postgres")) {
            Databases.execute(
                    connection, "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'shop_app'");
            return;
        }
        List<Long> sessions = new ArrayList<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select id from information_schema.processlist where user = 'shop_app'")) {
            while (rows.next()) sessions.add(rows.getLong(1));
        }
        for (long session : sessions) Databases.execute(connection, "kill " + session);
    }
}
