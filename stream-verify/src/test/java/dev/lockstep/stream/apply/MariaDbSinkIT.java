package dev.lockstep.stream.apply;

import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.migration.Endpoint;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class MariaDbSinkIT extends SinkContract {

    private static EmbeddedMariaDb server;
    private static Endpoint endpoint;

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = EmbeddedMariaDb.start(directory, "127.0.0.1");
        server.createDatabase("shop");
        endpoint = new Endpoint(server.url("shop"), server.user(), null);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    Endpoint endpoint() {
        return endpoint;
    }

    @Override
    List<String> types() {
        return MySqlSinkIT.TYPES;
    }
}
