package dev.lockstep.cutover.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lockstep.schemas.embedded.Ports;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.FenceRules;
import dev.lockstep.schemas.migration.Migration.CutoverRules;
import dev.lockstep.schemas.migration.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link Fence} keeps to, on a database {@code shop} with a table {@code orders} that the users {@code shop} (the application) and
 * {@code mover} (Lockstep's, with no more than it needs) may write; both have the password {@code secret}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
abstract class FenceContract {

    @TempDir
    static Path directory;

    Fence fence;

    /** The fence under test. */
    Fence of(Endpoint endpoint, CutoverRules rules) {
        return Fences.of(endpoint, rules);
    }

    /** JDBC URL of the database. */
    abstract String url();

    /** A statement that goes on writing for half a minute. */
    abstract String longWrite();

    @BeforeEach
    void prepare() {
        fence = of(endpoint("mover"), rules("shop"));
        fence.prepare();
    }

    @AfterEach
    void lower() {
        assertThat(fence.lower()).isEqualTo(new FenceState.Lowered());
    }

    @Test
    void stopsAClientThatWritesAndComesAgain() throws Exception {
        try (Client client = new Client(this::application)) {
            await().until(() -> client.acknowledged() > 20);

            FenceState state = fence.raise();
            int rows = rows();
            int failed = client.failed();

            assertThat(state).isEqualTo(new FenceState.Raised());
            await().until(() -> client.failed() > failed + 20);
            assertThat(rows()).isEqualTo(rows);
            assertThat(rows).isGreaterThanOrEqualTo(client.acknowledged());
            assertThat(fence.observe()).isEqualTo(new FenceState.Raised());
        }
    }

    @Test
    void givesWritesBackToAClientThatNeverStoppedTrying() throws Exception {
        try (Client client = new Client(this::application)) {
            fence.raise();
            int failed = client.failed();
            await().until(() -> client.failed() > failed + 5);
            int acknowledged = client.acknowledged();

            FenceState state = fence.lower();

            assertThat(state).isEqualTo(new FenceState.Lowered());
            await().until(() -> client.acknowledged() > acknowledged + 20);
        }
    }

    @Test
    void undoesATransactionThatIsOpen() throws Exception {
        try (Connection idle = application()) {
            idle.setAutoCommit(false);
            Sql.update(idle, "insert into orders (n) values (1)");
            int before = rows();

            FenceState state = fence.raise();

            assertThat(state).isEqualTo(new FenceState.Raised());
            assertThatThrownBy(() -> commit(idle)).isInstanceOf(SQLException.class);
            assertThat(rows()).isEqualTo(before);
        }
    }

    @Test
    void showsTransactionsThatHaveWrittenAndWaitsForThemWithinALimit() throws Exception {
        assertThat(fence.openTransactions()).isEmpty();
        try (Connection idle = application();
                Connection reader = application()) {
            idle.setAutoCommit(false);
            reader.setAutoCommit(false);
            Sql.run(reader, "select * from orders");
            Sql.update(idle, "insert into orders (n) values (1)");

            // InnoDB shows its transactions as they were up to a tenth of a second before, if somebody looked then
            await().untilAsserted(() -> assertThat(fence.openTransactions())
                    .singleElement()
                    .asString()
                    .contains("of shop, session "));
            assertThat(OpenTransactions.await(fence, Duration.ofMillis(500), () -> {}))
                    .isEqualTo(fence.openTransactions())
                    .hasSize(1);

            CompletableFuture<Set<String>> waiting = CompletableFuture.supplyAsync(
                    () -> OpenTransactions.await(fence, Duration.ofSeconds(60), () -> {}));
            idle.commit();
            assertThat(waiting.get(30, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    void countsOthersConnectionsAndThoseForWhichThereIsRoom() throws Exception {
        try (Connection one = application();
                Connection other = application()) {
            assertThat(one.isValid(2) && other.isValid(2)).isTrue();
            await().until(() -> Connections.inUse(endpoint("mover")) == 2);
            assertThat(Connections.free(endpoint("mover"))).isBetween(1L, 1_000L);
        }
        await().until(() -> Connections.inUse(endpoint("mover")) == 0);
    }

    @Test
    void doesNotWaitForAStatementThatGoesOnWriting() throws Exception {
        int before = rows();
        Thread writer = new Thread(() -> {
            try (Connection connection = application()) {
                Sql.run(connection, longWrite());
            } catch (SQLException e) {
                // as wished
            }
        });
        writer.start();
        await().until(() -> isRunning("%orders%"));
        Instant start = Instant.now();

        FenceState state = fence.raise();

        assertThat(state).isEqualTo(new FenceState.Raised());
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(8));
        writer.join(10_000);
        assertThat(writer.isAlive()).isFalse();
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void letsReadsGoOn() throws Exception {
        fence.raise();

        try (Connection connection = application()) {
            assertThat(Sql.first(connection, row -> row.getInt(1), "select count(*) from orders"))
                    .isPresent();
        }
    }

    @Test
    void letsLockstepWriteInSessionsFromBeforeAndAfter() throws Exception {
        try (Connection before = endpoint("mover").connectWriter()) {
            fence.raise();
            int rows = rows();
            try (Connection after = endpoint("mover").connectWriter()) {
                Sql.update(before, "insert into orders (n) values (2)");
                Sql.update(after, "insert into orders (n) values (2)");
            }
            assertThat(rows()).isEqualTo(rows + 2);
        }
    }

    @Test
    void raisingTwiceDisturbsNobody() throws Exception {
        fence.raise();
        try (Connection reader = application()) {
            assertThat(reader.isValid(2)).isTrue();

            assertThat(fence.raise()).isEqualTo(new FenceState.Raised());

            assertThat(reader.isValid(2)).isTrue();
        }
    }

    @Test
    void loweringWhatIsLoweredDisturbsNobody() throws Exception {
        try (Connection writer = application()) {
            writer.setAutoCommit(false);
            Sql.update(writer, "insert into orders (n) values (3)");

            assertThat(fence.lower()).isEqualTo(new FenceState.Lowered());

            writer.commit();
        }
    }

    @Test
    void aNewProcessSeesAndLowersWhatAnotherRaised() {
        Fence other = of(endpoint("mover"), rules("shop"));
        assertThat(other.observe()).isEqualTo(new FenceState.Lowered());

        fence.raise();

        assertThat(other.observe()).isEqualTo(new FenceState.Raised());
        assertThat(other.lower()).isEqualTo(new FenceState.Lowered());
        assertThat(fence.observe()).isEqualTo(new FenceState.Lowered());
    }

    @Test
    void theProbeWritesForRealAndIsRefusedBehindTheFence() {
        assertThat(fence.probe()).isEqualTo(new Probe.Written());

        fence.raise();
        assertThat(fence.probe()).isInstanceOf(Probe.Refused.class);

        fence.lower();
        assertThat(fence.probe()).isEqualTo(new Probe.Written());
    }

    @Test
    void theProbeLeavesNothingBehind() throws Exception {
        fence.probe();

        try (Connection connection = endpoint("mover").connect()) {
            assertThat(Sql.first(connection, row -> row.getInt(1), "select count(*) from lockstep.probe"))
                    .hasValue(0);
        }
    }

    @Test
    void aProbeThatFailsForAnotherReasonProvesNothing() {
        Probe stranger = Fences.of(endpoint("mover"), rules("nobody")).probe();
        Probe anonymous = Fences.of(endpoint("mover"), rules(null)).probe();

        assertThat(stranger).isInstanceOf(Probe.Inconclusive.class);
        assertThat(stranger.toString()).contains("nobody");
        assertThat(anonymous.toString()).contains("cutover.applicationUser");
    }

    @Test
    void refusesAnApplicationThatComesAsLockstep() {
        assertThatThrownBy(() -> Fences.of(endpoint("mover"), rules("mover")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("applicationUser");
    }

    @Test
    void saysWhoIsMissingWhenTheApplicationsUserIsNotThere() {
        Fence stranger = of(endpoint("mover"), rules("nobody"));

        assertThatThrownBy(stranger::prepare).isInstanceOf(FenceException.class).hasMessageContaining("nobody");
    }

    @Test
    void doesNotKnowWhatItCannotSee() throws Exception {
        int port = Ports.free();
        String url = url().replaceFirst(":\\d+/", ":" + port + "/");
        Fence unreachable = of(new Endpoint(url, "mover", secret()), rules("shop"));

        assertThat(unreachable.observe()).isInstanceOf(FenceState.Unknown.class);
        assertThat(unreachable.raise()).isInstanceOf(FenceState.Unknown.class);
        assertThat(unreachable.observe().toString()).contains(":" + port);
    }

    @Test
    void locksAccountsOutWhileItIsUp() throws Exception {
        letLockAccounts(true);
        Fence locking = Fences.of(endpoint("mover"), rules("shop"), new FenceRules(null, List.of("shop"), null, null));
        try {
            assertThat(locking.raise()).isEqualTo(new FenceState.Raised());
            assertThatThrownBy(this::application).isInstanceOf(SQLException.class);
            assertThat(locking.probe()).isInstanceOf(Probe.Refused.class);
            assertThat(locking.raise()).isEqualTo(new FenceState.Raised());
            assertThat(fence.probe()).isInstanceOf(Probe.Inconclusive.class); // which does not know that it is so

            assertThat(locking.lower()).isEqualTo(new FenceState.Lowered());
            assertThat(locking.probe()).isEqualTo(new Probe.Written());
        } finally {
            locking.lower();
            letLockAccounts(false);
        }
    }

    @Test
    void letsAccountsInAgainThatTheFileDoesNotNameAnyMore() throws Exception {
        letLockAccounts(true);
        Fence locking = Fences.of(endpoint("mover"), rules("shop"), new FenceRules(null, List.of("shop"), null, null));
        Fence unnamed = Fences.of(endpoint("mover"), rules("shop"));
        try {
            assertThat(locking.raise()).isEqualTo(new FenceState.Raised());
            assertThat(unnamed.observe()).isEqualTo(new FenceState.Raised());

            assertThat(unnamed.lower()).isEqualTo(new FenceState.Lowered());

            assertThat(unnamed.probe()).isEqualTo(new Probe.Written());
            assertThat(locking.observe()).isEqualTo(new FenceState.Lowered());
        } finally {
            locking.lower();
            letLockAccounts(false);
        }
    }

    /** Gives Lockstep's user what it needs to lock accounts, and takes it away. */
    abstract void letLockAccounts(boolean may) throws SQLException;

    boolean isRunning(String like) throws SQLException {
        try (Connection connection = endpoint("mover").connect()) {
            return Sql.first(connection, row -> row.getInt(1), running(), like).isPresent();
        }
    }

    /** Finds another session that runs a statement like its parameter. */
    abstract String running();

    int rows() throws SQLException {
        try (Connection connection = endpoint("mover").connect()) {
            return Sql.first(connection, row -> row.getInt(1), "select count(*) from orders")
                    .orElseThrow();
        }
    }

    /** As an application connects: without any of Lockstep's settings. */
    Connection application() throws SQLException {
        return java.sql.DriverManager.getConnection(url(), "shop", "secret");
    }

    Endpoint endpoint(String user) {
        return new Endpoint(url(), user, secret());
    }

    static CutoverRules rules(@Nullable String applicationUser) {
        return rules(applicationUser, Duration.ofSeconds(6));
    }

    static CutoverRules rules(@Nullable String applicationUser, Duration writePauseBudget) {
        return CutoverRules.application(applicationUser, secret(), writePauseBudget);
    }

    private static void commit(Connection connection) throws SQLException {
        connection.commit();
    }

    private static Secret secret() {
        try {
            Path file = directory.resolve("secret");
            if (!Files.exists(file)) Files.writeString(file, "secret");
            return new Secret("${file:" + file + "}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
