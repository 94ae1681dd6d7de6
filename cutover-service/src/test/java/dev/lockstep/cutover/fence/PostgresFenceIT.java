package dev.lockstep.cutover.fence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init")
class PostgresFenceIT extends FenceContract {

    private EmbeddedPostgres server;

    @BeforeAll
    void start() throws SQLException {
        server = EmbeddedPostgres.start(directory.resolve("postgres"), 17, "127.0.0.1");
        server.createDatabase("shop");
        server.createDatabase("neighbour");
        try (Connection admin = admin("shop")) {
            Sql.run(
                    admin,
                    "create role mover login password 'secret'",
                    "create role shop login password 'secret'",
                    "alter database shop owner to mover",
                    "grant pg_read_all_stats, pg_signal_backend to mover",
                    "grant set on parameter session_replication_role to mover",
                    "create table orders (id serial primary key, n int)",
                    "grant all on orders to shop, mover",
                    "grant all on sequence orders_id_seq to shop, mover");
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Override
    String url() {
        return server.url("shop");
    }

    @Override
    String longWrite() {
        return "insert into orders (n) select 1 from (values (1), (2)) v, lateral (select pg_sleep(15)) s";
    }

    @Override
    String running() {
        return "select 1 from pg_stat_activity where pid <> pg_backend_pid() and state = 'active' and query like ?";
    }

    @Test
    void fencesTheOneDatabaseOnly() throws Exception {
        try (Connection neighbour = admin("neighbour")) {
            fence.raise();

            Sql.run(neighbour, "create table t (id int)", "drop table t");
            try (Connection again = admin("neighbour")) {
                Sql.run(again, "create table t (id int)", "drop table t");
            }
        }
    }

    @Test
    void doesNotTakeTheSettingAloneForAFence() throws Exception {
        try (Connection old = application()) {
            Sql.run(old, "select 1");
            try (Connection lockstep = endpoint("mover").connect()) {
                Sql.run(lockstep, "alter database shop set default_transaction_read_only = on");
            }

            FenceState halfWay = fence.observe();
            assertThat(halfWay).isInstanceOf(FenceState.Partial.class);
            assertThat(halfWay.toString()).contains("from before the fence");

            assertThat(fence.raise()).isEqualTo(new FenceState.Raised());
            assertThat(old.isValid(2)).isFalse();
        }
    }

    @Test
    void completesARaiseThatStoppedHalfWay() throws Exception {
        fence.raise();
        try (Connection lockstep = endpoint("mover").connectWriter()) {
            Sql.run(lockstep, "update lockstep.fence set raised_at = null, ended = false");
        }
        assertThat(fence.observe()).isInstanceOf(FenceState.Partial.class);

        assertThat(fence.raise()).isEqualTo(new FenceState.Raised());
    }

    @Test
    void completesALoweringThatStoppedHalfWay() throws Exception {
        fence.raise();
        try (Connection behind = application()) {
            assertThat(behind.isValid(2)).isTrue();
            try (Connection lockstep = endpoint("mover").connectWriter()) {
                Sql.run(lockstep, "alter database shop reset default_transaction_read_only");
            }
            assertThat(fence.observe()).isInstanceOf(FenceState.Partial.class);

            assertThat(fence.lower()).isEqualTo(new FenceState.Lowered());
            assertThat(behind.isValid(2)).isFalse();
        }
    }

    @Test
    void namesARoleThatGoesRoundTheFence() throws Exception {
        asAdmin("alter role shop set default_transaction_read_only = off");
        try {
            FenceState state = fence.raise();

            assertThat(state).isInstanceOf(FenceState.Partial.class);
            assertThat(state.toString()).contains("role shop", "reset default_transaction_read_only");
            assertThat(fence.probe()).isEqualTo(new Probe.Written());
        } finally {
            asAdmin("alter role shop reset default_transaction_read_only");
        }
    }

    @Test
    void seesAndEndsAWriterThatOverridesTheSetting() throws Exception {
        fence.raise();
        try (Connection writer = application()) {
            Sql.run(writer, "begin read write", "insert into orders (n) values (4)");

            FenceState seen = fence.observe();
            assertThat(seen).isInstanceOf(FenceState.Partial.class);
            assertThat(seen.toString()).contains("of shop", "has a transaction open that writes");

            assertThat(fence.raise()).isEqualTo(new FenceState.Raised());
            assertThat(writer.isValid(2)).isFalse();
        }
    }

    /** A superuser's session, which Lockstep's user may not end. */
    @Test
    void saysWhomItCouldNotEndInBoundedTime() throws Exception {
        Fence impatient = Fences.of(endpoint("mover"), rules("shop", Duration.ofMillis(300)));
        try (Connection admin = admin("shop")) {
            Sql.run(admin, "select 1");

            FenceState state = impatient.raise();

            assertThat(state).isInstanceOf(FenceState.Partial.class);
            assertThat(state.toString()).contains("postgres", "cannot be ended", "pg_signal_backend");
        }
        assertThat(fence.raise()).isEqualTo(new FenceState.Raised());
    }

    @Test
    void keepsReplicationGoing() throws Exception {
        asAdmin("alter role shop replication");
        java.util.Properties properties = new java.util.Properties();
        properties.setProperty("user", "shop");
        properties.setProperty("password", "secret");
        properties.setProperty("replication", "database");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "10");
        try (Connection sender = DriverManager.getConnection(url(), properties)) {
            fence.raise();

            Sql.run(sender, "IDENTIFY_SYSTEM");
        }
    }

    private void asAdmin(String statement) throws SQLException {
        try (Connection admin = admin("neighbour")) {
            Sql.run(admin, statement);
        }
    }

    private Connection admin(String database) throws SQLException {
        return DriverManager.getConnection(server.url(database), server.user(), server.password());
    }
}
