package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.migration.Endpoint;
import java.nio.file.Path;
import java.util.List;

class MariaDbCopyIT extends CopyContract {

    private EmbeddedMariaDb mariaDb;

    @Override
    Endpoint server(Path directory) {
        mariaDb = EmbeddedMariaDb.start(directory.resolve("mariadb"), "127.0.0.1");
        mariaDb.createDatabase("shop");
        return new Endpoint(mariaDb.url("shop"), mariaDb.user(), null);
    }

    @Override
    void close() {
        mariaDb.close();
    }

    @Override
    List<String> schema(int items) {
        return MySqlCopyIT.tables(items, "(select seq as g from seq_1_to_" + items + ")");
    }

    @Override
    int largeBytes() {
        return 40 << 20; // the embedded server takes packets of 64 MB
    }

    @Override
    String huge() {
        return "repeat('x', " + largeBytes() + ")";
    }
}
