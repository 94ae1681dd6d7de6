package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.testing.TestMySql;
import java.util.List;

class MySqlCaptureIT extends CaptureContract {

    @Override
    Endpoint database() throws Exception {
        return TestMySql.database("shop", directory);
    }

    @Override
    List<String> schema() {
        return List.of(
                "create table shop.item (id int primary key, name varchar(50), price decimal(10,2), note text)",
                "insert into shop.item values (1, 'eins', 1, 'n'), (2, 'zwei', 2, null)");
    }
}
