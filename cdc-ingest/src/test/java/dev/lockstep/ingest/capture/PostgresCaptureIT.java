package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class PostgresCaptureIT extends CaptureContract {

    private EmbeddedPostgres postgres;

    @Override
    Endpoint database() {
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 16, "127.0.0.1");
        postgres.createDatabase("shop");
        return new Endpoint(postgres.url("shop"), postgres.user(), null);
    }

    @Override
    List<String> schema() {
        return List.of(
                "create schema shop",
                "create table shop.item (id int primary key, name text, price numeric(10,2), note text)",
                "alter table shop.item replica identity full",
                "insert into shop.item values (1, 'eins', 1, 'n'), (2, 'zwei', 2, null)");
    }

    @AfterEach
    void close() {
        postgres.close();
    }
}
