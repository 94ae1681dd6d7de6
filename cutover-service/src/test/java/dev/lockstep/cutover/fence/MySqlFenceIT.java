package dev.lockstep.cutover.fence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.testing.TestMySql;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MySqlFenceIT extends MySqlFenceContract {

    @BeforeAll
    void start() throws SQLException {
        try (Connection admin = admin()) {
            clean(admin);
            Sql.run(admin, "create database shop");
            users(admin);
        }
    }

    @AfterAll
    void stop() throws SQLException {
        try (Connection admin = admin()) {
            clean(admin);
        }
    }

    private static void clean(Connection admin) throws SQLException {
        Sql.run(
                admin,
                "drop database if exists shop",
                "drop database if exists lockstep",
                "drop user if exists mover@'%', shop@'%'");
    }

    @Test
    void saysThatSuperReadOnlyKeepsLockstepOut() throws Exception {
        fence.raise();
        try (Connection admin = admin()) {
            Sql.run(admin, "set global super_read_only = on");

            assertThat(fence.observe().toString()).contains("super_read_only = off");
        }
    }

    @Override
    Connection admin() throws SQLException {
        return DriverManager.getConnection(TestMySql.server(), "lockstep", "lockstep");
    }

    @Override
    String privileges() {
        return "system_variables_admin, connection_admin";
    }

    @Override
    String url() {
        return TestMySql.server() + "shop?allowPublicKeyRetrieval=true";
    }
}
