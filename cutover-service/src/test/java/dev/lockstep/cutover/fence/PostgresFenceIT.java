package dev.lockstep.cutover.fence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.migration.FenceRules;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresFenceIT extends PostgresContract {

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

    /** Somebody who writes again is not to be ended once more, however often it is lowered. */
    @Test
    void endsNobodyWhoCameAfterItWasLowered() throws Exception {
        fence.raise();
        try (Connection behind = application();
                Connection lockstep = endpoint("mover").connectWriter()) {
            Sql.run(behind, "select 1");
            Sql.run(
                    lockstep,
                    "create table lockstep.kept as select raised_at, ended, clock_timestamp() as at from lockstep.fence");
            assertThat(fence.lower()).isEqualTo(new FenceState.Lowered());
            assertThat(behind.isValid(2)).isFalse();

            try (Connection after = application()) {
                Sql.run(after, "begin", "insert into orders (n) values (5)");
                Sql.run(
                        lockstep,
                        "insert into lockstep.fence (raised_at, ended, lowered_at)"
                                + " select raised_at, ended, at from lockstep.kept",
                        "drop table lockstep.kept");

                assertThat(fence.lower()).as("what stopped half-way, again").isEqualTo(new FenceState.Lowered());

                Sql.run(after, "commit");
            }
        }
    }

    /** It could not write anyhow, and Lockstep's user may not end it. */
    @Test
    void isLoweredBesideASuperusersSession() throws Exception {
        fence.raise();
        try (Connection admin = admin("shop")) {
            Sql.run(admin, "select 1");

            assertThat(fence.lower()).isEqualTo(new FenceState.Lowered());

            assertThat(admin.isValid(2)).isTrue();
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
    void makesARoleReadOnlyThatGoesRoundTheFence() throws Exception {
        letLockAccounts(true); // and so, set what roles begin with
        asAdmin("alter role shop set default_transaction_read_only = off");
        Fence named = Fences.of(endpoint("mover"), rules("shop"), new FenceRules(List.of("shop"), null, null, null));
        try {
            assertThat(named.raise()).isEqualTo(new FenceState.Raised());
            assertThat(named.probe()).isInstanceOf(Probe.Refused.class);
            asAdmin("alter role shop in database shop reset default_transaction_read_only");
            assertThat(named.observe().toString()).contains("Partial", "role shop is not read-only");
            assertThat(named.raise()).isEqualTo(new FenceState.Raised());

            assertThat(named.lower()).isEqualTo(new FenceState.Lowered());
            assertThat(named.probe()).isEqualTo(new Probe.Written());
        } finally {
            asAdmin("alter role shop reset default_transaction_read_only");
            letLockAccounts(false);
        }
    }

    @Test
    void opensWhatWasClosedByNameThoughTheFileDoesNotNameItAnyMore() throws Exception {
        letLockAccounts(true);
        FenceRules rules = new FenceRules(List.of("shop"), List.of("shop"), null, null);
        Fence named = Fences.of(endpoint("mover"), rules("shop"), rules);
        try {
            assertThat(named.raise()).isEqualTo(new FenceState.Raised());
            try (Connection lockstep = endpoint("mover").connectWriter()) {
                Sql.run(
                        lockstep,
                        "alter database shop reset default_transaction_read_only",
                        "delete from lockstep.fence");
            }
            FenceState halfWay = fence.observe();
            assertThat(halfWay).isInstanceOf(FenceState.Partial.class);
            assertThat(halfWay.toString()).contains("role shop is still read-only");
            asAdmin("alter role shop in database shop reset default_transaction_read_only");
            assertThat(fence.observe().toString()).contains("Partial", "account shop is still locked");
            asAdmin("alter role shop in database shop set default_transaction_read_only = on");

            assertThat(fence.lower()).isEqualTo(new FenceState.Lowered());

            assertThat(fence.probe()).isEqualTo(new Probe.Written());
        } finally {
            named.lower();
            letLockAccounts(false);
        }
    }

    @Test
    void lowersAlthoughWhoWasClosedByNameIsGone() throws Exception {
        fence.raise();
        try (Connection lockstep = endpoint("mover").connectWriter()) {
            Sql.run(lockstep, "insert into lockstep.fenced values ('role', 'gone'), ('account', 'gone')");
        }

        assertThat(fence.lower()).isEqualTo(new FenceState.Lowered());
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

            assertThat(impatient.outOfReach())
                    .singleElement()
                    .asString()
                    .startsWith("session ")
                    .contains(" of postgres");

            FenceState state = impatient.raise();

            assertThat(state).isInstanceOf(FenceState.Partial.class);
            assertThat(state.toString()).contains("postgres", "cannot be ended", "pg_signal_backend");
        }
        assertThat(fence.raise()).isEqualTo(new FenceState.Raised());
        assertThat(fence.outOfReach()).isEmpty();
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
}
