package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.testing.TestMySql;
import java.util.List;

class MySqlSchemaChangeIT extends SchemaChangeContract {

    @Override
    Endpoint database() throws Exception {
        return TestMySql.database("shop", directory);
    }

    @Override
    List<String> schema() {
        return BinlogChanges.SCHEMA;
    }

    @Override
    List<Change> changes() {
        return BinlogChanges.ALL;
    }
}
