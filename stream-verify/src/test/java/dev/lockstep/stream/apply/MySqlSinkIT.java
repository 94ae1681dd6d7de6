package dev.lockstep.stream.apply;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.testing.TestMySql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class MySqlSinkIT extends SinkContract {

    static final List<String> TYPES = List.of(
            "bigint auto_increment",
            "decimal(12,2)",
            "tinyint(1)",
            "float",
            "double",
            "varchar(100)",
            "char(5)",
            "varbinary(300)",
            "date",
            "time(6)",
            "datetime(6)",
            "timestamp(6)",
            "json",
            "enum('Sent out','it''s')");

    private static Endpoint endpoint;

    @BeforeAll
    static void connect(@TempDir Path directory) throws IOException, SQLException {
        endpoint = TestMySql.database("sink_contract", directory);
        TableReads.execute(endpoint, "set global max_allowed_packet = 128 * 1024 * 1024");
    }

    @Override
    Endpoint endpoint() {
        return endpoint;
    }

    @Override
    List<String> types() {
        return TYPES;
    }
}
