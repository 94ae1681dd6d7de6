package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.testing.MySqlTypeCases;
import dev.lockstep.schemas.testing.TestMySql;
import dev.lockstep.schemas.testing.TypeCase;
import java.util.List;

class MySqlTypesIT extends TypesContract {

    @Override
    Endpoint database() throws Exception {
        return TestMySql.database("shop", directory);
    }

    @Override
    List<String> setup() {
        return List.of();
    }

    @Override
    List<TypeCase> cases() {
        return MySqlTypeCases.MYSQL;
    }
}
