package dev.lockstep.stream.apply;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Runs against the server at {@code LOCKSTEP_MYSQL_URL}, {@code jdbc:mysql://127.0.0.1:3306/}, as lockstep / lockstep. */
@EnabledIfEnvironmentVariable(named = "LOCKSTEP_MYSQL_URL", matches = "jdbc:mysql:.*")
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
        Path password = Files.writeString(directory.resolve("password"), "lockstep");
        String url = System.getenv("LOCKSTEP_MYSQL_URL").replaceFirst("/[^/]*$", "/sink_contract");
        endpoint = new Endpoint(url, "lockstep", new Secret("${file:" + password + "}"));
        String server = url.replaceFirst("sink_contract$", "");
        try (var connection =
                        DriverManager.getConnection(server + "?allowPublicKeyRetrieval=true", "lockstep", "lockstep");
                var statement = connection.createStatement()) {
            statement.execute("drop database if exists lockstep");
            statement.execute("drop database if exists sink_contract");
            statement.execute("create database sink_contract character set utf8mb4 collate utf8mb4_0900_as_cs");
        }
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
