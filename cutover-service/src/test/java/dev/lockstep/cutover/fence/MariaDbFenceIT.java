package dev.lockstep.cutover.fence;

import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

@SuppressWarnings("NullAway.Init")
class MariaDbFenceIT extends MySqlFenceContract {

    private EmbeddedMariaDb server;

    @BeforeAll
    void start() throws SQLException {
        server = EmbeddedMariaDb.start(directory.resolve("mariadb"), "127.0.0.1");
        server.createDatabase("shop");
        try (Connection admin = admin()) {
            users(admin);
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Override
    Connection admin() throws SQLException {
        return DriverManager.getConnection(server.url("shop"), server.user(), server.password());
    }

    @Override
    String privileges() {
        return "read only admin, connection admin";
    }

    @Override
    String url() {
        return server.url("shop");
    }
}
