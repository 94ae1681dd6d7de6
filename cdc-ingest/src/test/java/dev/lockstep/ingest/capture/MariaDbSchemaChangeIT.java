package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.migration.Endpoint;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class MariaDbSchemaChangeIT extends SchemaChangeContract {

    private EmbeddedMariaDb mariaDb;

    @Override
    Endpoint database() {
        mariaDb = EmbeddedMariaDb.start(directory.resolve("mariadb"), "127.0.0.1");
        mariaDb.createDatabase("shop");
        return new Endpoint(mariaDb.url("shop"), mariaDb.user(), null);
    }

    @Override
    List<String> schema() {
        return BinlogChanges.SCHEMA;
    }

    @Override
    List<Change> changes() {
        return BinlogChanges.ALL;
    }

    @AfterEach
    void close() {
        mariaDb.close();
    }
}
