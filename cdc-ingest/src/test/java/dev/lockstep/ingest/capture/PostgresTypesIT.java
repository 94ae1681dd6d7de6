package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.testing.PostgresTypeCases;
import dev.lockstep.schemas.testing.TypeCase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class PostgresTypesIT extends TypesContract {

    private EmbeddedPostgres postgres;

    @Override
    Endpoint database() {
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 16, "127.0.0.1");
        postgres.createDatabase("shop");
        return new Endpoint(postgres.url("shop"), postgres.user(), null);
    }

    @Override
    List<String> setup() {
        List<String> setup = new ArrayList<>(PostgresTypeCases.SETUP);
        setup.add("create schema shop");
        return setup;
    }

    @Override
    List<TypeCase> cases() {
        return PostgresTypeCases.ALL;
    }

    @AfterEach
    void close() {
        postgres.close();
    }
}
