package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.testing.MySqlTypeCases;
import dev.lockstep.schemas.testing.TypeCase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class MariaDbTypesIT extends TypesContract {

    private EmbeddedMariaDb mariaDb;

    @Override
    Endpoint database() {
        mariaDb = EmbeddedMariaDb.start(directory.resolve("mariadb"), "127.0.0.1");
        mariaDb.createDatabase("shop");
        return new Endpoint(mariaDb.url("shop"), mariaDb.user(), null);
    }

    @Override
    List<String> setup() {
        return List.of();
    }

    @Override
    List<TypeCase> cases() {
        return MySqlTypeCases.MARIADB;
    }

    @AfterEach
    void close() {
        mariaDb.close();
    }
}
