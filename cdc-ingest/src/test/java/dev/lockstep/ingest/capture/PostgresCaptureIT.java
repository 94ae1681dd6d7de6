package dev.lockstep.ingest.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.ingest.barrier.BarrierWriter;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.Endpoint;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
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

    /** Of two transactions the longer one's changes stand on both sides of the other's end in the log; the capture stops between their ends. */
    @Test
    void losesNothingOfATransactionThatWasOpenWhenTheLastOneThatItHadSeenEnded() throws Exception {
        Endpoint database = database();
        execute(database, schema().toArray(new String[0]));
        BarrierWriter.prepare(database, Direction.FORWARD, 1);
        int rounds = 5;
        try (Running running = start(database);
                Connection longer = database.connect();
                Connection other = database.connect()) {
            longer.setAutoCommit(false);
            for (int round = 0; round < rounds; round++) {
                int id = 100 + 10 * round;
                insert(longer, id);
                insert(other, id + 1); // commits, and what follows stands right behind its end
                insert(longer, id + 2);
                insert(longer, id + 3);
                running.await("INSERT(" + (id + 1) + ")");
                running.halt();
                longer.commit();
                running.goOn();
                running.await("INSERT(" + (id + 3) + ")");
            }
            assertThat(running.operations().stream().filter(o -> o.startsWith("INSERT")))
                    .containsExactlyElementsOf(IntStream.range(0, rounds)
                            .map(round -> 100 + 10 * round)
                            .boxed()
                            .flatMap(id -> Stream.of(id + 1, id, id + 2, id + 3))
                            .map(id -> "INSERT(" + id + ")")
                            .toList());
            running.assertInOrder();
        }
    }

    private static void insert(Connection connection, int id) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("insert into shop.item values (" + id + ", 'n', 1, null)");
        }
    }

    @AfterEach
    void close() {
        postgres.close();
    }
}
