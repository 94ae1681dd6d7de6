package dev.lockstep.stream.apply;

import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class PostgresSinkIT extends SinkContract {

    private static EmbeddedPostgres server;
    private static Endpoint endpoint;

    @BeforeAll
    static void start(@TempDir Path directory) throws SQLException {
        server = EmbeddedPostgres.start(directory.resolve("data"), 17, "127.0.0.1");
        server.createDatabase("shop");
        endpoint = new Endpoint(server.url("shop"), server.user(), null);
        TableReads.execute(
                endpoint, "create schema shop", "create type shop.\"Order (state)\" as enum ('Sent out', 'it''s')");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    Endpoint endpoint() {
        return endpoint;
    }

    @Override
    List<String> types() {
        return List.of(
                "bigint generated always as identity",
                "numeric(12,2)",
                "boolean",
                "real",
                "double precision",
                "character varying(100)",
                "character(5)",
                "bytea",
                "date",
                "time(6) without time zone",
                "timestamp without time zone",
                "timestamp(6) with time zone",
                "jsonb",
                "shop.\"Order (state)\"");
    }
}
