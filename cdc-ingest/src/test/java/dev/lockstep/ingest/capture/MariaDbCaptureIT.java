package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.migration.Endpoint;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class MariaDbCaptureIT extends CaptureContract {

    private EmbeddedMariaDb mariaDb;

    @Override
    Endpoint database() {
        mariaDb = EmbeddedMariaDb.start(directory.resolve("mariadb"), "127.0.0.1");
        mariaDb.createDatabase("shop");
        return new Endpoint(mariaDb.url("shop"), mariaDb.user(), null);
    }

    @Override
    List<String> schema() {
        return List.of(
                "create table shop.item (id int primary key, name varchar(50), price decimal(10,2), note text)",
                "insert into shop.item values (1, 'eins', 1, 'n'), (2, 'zwei', 2, null)");
    }

    @AfterEach
    void close() {
        mariaDb.close();
    }
}
