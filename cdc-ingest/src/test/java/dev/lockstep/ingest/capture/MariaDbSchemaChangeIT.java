package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.migration.Endpoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class MariaDbSchemaChangeIT extends SchemaChangeContract {

    private static final String COLUMNS =
            " (id int primary key, name varchar(50), extra int default 7, price decimal(12,4),"
                    + " remark text, memo text)";

    private EmbeddedMariaDb mariaDb;

    @Override
    Endpoint database() {
        mariaDb = EmbeddedMariaDb.start(directory.resolve("mariadb"), "127.0.0.1");
        mariaDb.createDatabase("shop");
        return new Endpoint(mariaDb.url("shop"), mariaDb.user(), null);
    }

    @Override
    List<String> schema() {
        List<String> schema = new ArrayList<>(BinlogChanges.SCHEMA);
        schema.add("create table shop.model" + COLUMNS);
        return schema;
    }

    @Override
    List<Change> changes() {
        List<Change> changes = new ArrayList<>(BinlogChanges.ALL);
        changes.add(replaced("create or replace table", COLUMNS));
        changes.add(replaced("-- by hand\nset statement lock_wait_timeout = 60 for create or replace table", COLUMNS));
        changes.add(replaced("create or replace table", " like shop.model"));
        return changes;
    }

    /** All rows are gone, and the columns are as before. */
    private static Change replaced(String begin, String columns) {
        return new Change(begin + " shop.item" + columns, "create or replace table");
    }

    @AfterEach
    void close() {
        mariaDb.close();
    }
}
