package dev.lockstep.cutover.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** What is the same on MySQL and MariaDB. */
abstract class MySqlFenceContract extends FenceContract {

    /** The privileges that {@link MySqlFence#grants} names, as this engine spells them. */
    abstract String privileges();

    abstract Connection admin() throws SQLException;

    @Override
    void letLockAccounts(boolean may) throws SQLException {
        try (Connection admin = admin()) {
            Sql.run(
                    admin,
                    may ? "grant create user on *.* to mover@'%'" : "revoke create user on *.* from mover@'%'",
                    may ? "grant select on mysql.* to mover@'%'" : "revoke select on mysql.* from mover@'%'");
        }
    }

    void users(Connection admin) throws SQLException {
        Sql.run(
                admin,
                "create user mover@'%' identified by 'secret'",
                "create user shop@'%' identified by 'secret'",
                "grant " + privileges() + ", process on *.* to mover@'%'",
                "grant select on mysql.user to mover@'%'",
                "grant all on lockstep.* to mover@'%' with grant option",
                "grant all on shop.* to mover@'%'",
                "grant all on shop.* to shop@'%'",
                "create table shop.orders (id int auto_increment primary key, n int)");
    }

    @Override
    String longWrite() {
        return "insert into orders (n) select 1 from (select 1 union select 2) v where sleep(15) = 0";
    }

    @Override
    String running() {
        return "select 1 from information_schema.processlist where id <> connection_id() and command = 'Query' and info like ?";
    }

    @Test
    void doesNotWaitForATableLock() throws Exception {
        try (Connection locker = application()) {
            Sql.run(locker, "lock tables orders write");

            assertThat(fence.raise()).isEqualTo(new FenceState.Raised());

            assertThat(locker.isValid(2)).isFalse();
        }
    }

    @Test
    void theProbeFindsAUserWhomTheFenceDoesNotBind() throws Exception {
        try (Connection admin = admin()) {
            Sql.run(admin, "grant " + privileges() + " on *.* to shop@'%'");

            fence.raise();

            assertThat(fence.probe()).isEqualTo(new Probe.Written());
        } finally {
            try (Connection admin = admin()) {
                Sql.run(admin, "revoke " + privileges() + " on *.* from shop@'%'");
            }
        }
    }

    @Test
    void saysWhatLockstepLacksToWriteBehindTheFence() throws Exception {
        try (Connection admin = admin()) {
            Sql.run(admin, "set global read_only = on", "revoke " + privileges() + " on *.* from mover@'%'");

            FenceState state = fence.observe();

            assertThat(state).isInstanceOf(FenceState.Partial.class);
            assertThat(state.toString()).contains("mover", "cannot write", "CONNECTION");
        } finally {
            try (Connection admin = admin()) {
                Sql.run(admin, "grant " + privileges() + " on *.* to mover@'%'", "set global read_only = off");
            }
        }
    }
}
