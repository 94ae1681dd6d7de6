package dev.lockstep.cutover.fence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.migration.ConfigurationException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** On a MySQL server of its own at {@code LOCKSTEP_MYSQL_URL} (user and password {@code lockstep}, with all rights): {@code jdbc:mysql://127.0.0.1:3306/}. */
@EnabledIfEnvironmentVariable(named = "LOCKSTEP_MYSQL_URL", matches = "jdbc:mysql://.+")
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
        return DriverManager.getConnection(base(), "lockstep", "lockstep");
    }

    @Override
    String privileges() {
        return "system_variables_admin, connection_admin";
    }

    @Override
    String url() {
        return base().replaceFirst("/[^/]*$", "/shop") + "?allowPublicKeyRetrieval=true";
    }

    private static String base() {
        String url = System.getenv("LOCKSTEP_MYSQL_URL");
        if (url == null) throw new ConfigurationException("LOCKSTEP_MYSQL_URL is not set");
        return url;
    }
}
