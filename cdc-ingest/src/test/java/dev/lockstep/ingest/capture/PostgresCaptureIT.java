package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.postgresql.PGConnection;

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

    /** Rows of a COPY are one record of the log, a page at a time. */
    @Override
    void insertMany(Connection connection, int from, int to) throws SQLException {
        String rows =
                IntStream.range(from, to).mapToObj(id -> id + "\tn\t1\t\\N\n").collect(Collectors.joining());
        try {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy shop.item from stdin", new StringReader(rows));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() {
        postgres.close();
    }
}
