package dev.lockstep.stream.scan;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.ControlTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Two databases, one behind the other: a change of the origin is in its topic at once and on the destination some barriers later, as
 * capture and applier would bring it; trials of that direction, from before it carried, come by, too.
 */
final class Twin implements AutoCloseable {

    private static final int BARRIERS_BEHIND = 12;
    private static final long INTERVAL_MILLIS = 20;

    final Migration migration;
    final Topics topics;
    private final KafkaProducer<byte[], byte[]> producer;
    final Direction direction;
    private final Connection origin;
    private final Connection destination;
    private final Deque<List<String>> onTheirWay = new ArrayDeque<>();
    private final Thread rhythm = new Thread(this::beat, "twin");
    private List<String> since = new ArrayList<>();
    private long micros = Micros.of(Instant.now()); // grows over restarts
    private volatile boolean closed;
    private volatile @Nullable Exception failure;

    Twin(String bootstrap, String name, Path directory, Endpoint from, Endpoint to, String scan)
            throws IOException, SQLException {
        this(bootstrap, name, directory, from, to, scan, Direction.FORWARD);
    }

    Twin(String bootstrap, String name, Path directory, Endpoint from, Endpoint to, String scan, Direction direction)
            throws IOException, SQLException {
        this.direction = direction;
        migration = migration(name, directory, from, to, scan);
        topics = new Topics(name);
        TopicSetup.create(bootstrap, topics, 1);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArraySerializer(), new ByteArraySerializer());
        origin = migration.on(direction.origin()).connect();
        destination = migration.on(direction.destination()).connectWriter();
        for (Endpoint side : List.of(from, to))
            try (Connection connection = side.connectWriter()) {
                ControlTables.createBarrier(connection, side.dialect());
            }
        for (Connection side : List.of(origin, destination))
            execute(
                    side,
                    List.of(
                            "delete from lockstep.barrier",
                            "insert into lockstep.barrier values ('" + direction + "', 0, 0)"));
        origin.setAutoCommit(false);
        destination.setAutoCommit(false);
        rhythm.start();
    }

    static Migration migration(String name, Path directory, Endpoint from, Endpoint to, String scan)
            throws IOException {
        Path file = Files.writeString(directory.resolve(name + ".yaml"), """
                migration: %s
                source: {url: "%s", user: %s%s}
                target: {url: "%s", user: %s%s}
                scan: %s
                """.formatted(
                        name, from.url(), from.user(), password(from), to.url(), to.user(), password(to), scan));
        return MigrationFile.load(file);
    }

    private static String password(Endpoint side) {
        return side.password() == null ? "" : ", password: \"" + side.password().reference() + "\"";
    }

    private void beat() {
        try {
            while (!closed) {
                barrier();
                Thread.sleep(INTERVAL_MILLIS);
            }
        } catch (SQLException | InterruptedException e) {
            failure = e;
        }
    }

    private synchronized void barrier() throws SQLException {
        String set = "update lockstep.barrier set at_micros = " + ++micros;
        execute(origin, List.of(set));
        origin.commit();
        send(new Barrier(direction, 0, micros));
        send(new Barrier(direction, true, 0, micros + 1_000_000));
        since.add(set);
        onTheirWay.add(since);
        since = new ArrayList<>();
        if (onTheirWay.size() <= BARRIERS_BEHIND) return;
        execute(destination, onTheirWay.remove());
        destination.commit();
    }

    private void send(Barrier barrier) {
        Row row = new Row(List.of(
                new Value.Text(barrier.row()), new Value.Whole(barrier.lane()), new Value.Whole(barrier.micros())));
        send(
                Barrier.MAPPING.keyOf(row),
                new ChangeEvent(
                        Barrier.MAPPING.id(), ChangeEvent.Operation.UPDATE, null, row, Position.SNAPSHOT, null));
    }

    /** A change of a row on the origin, and soon on the destination. */
    synchronized void change(RowKey key, String statement) throws SQLException {
        execute(origin, List.of(statement));
        origin.commit();
        send(key, new ChangeEvent(key.table(), ChangeEvent.Operation.DELETE, null, null, Position.SNAPSHOT, null));
        since.add(statement);
    }

    private void send(RowKey key, ChangeEvent change) {
        producer.send(new ProducerRecord<>(
                topics.changes(direction.origin()), 0, Messages.encode(key), Messages.encode(change)));
    }

    /** On one side alone, and in no log. */
    static void aside(Endpoint side, String... statements) throws SQLException {
        try (Connection connection = side.connectWriter()) {
            execute(connection, List.of(statements));
        }
    }

    private static void execute(Connection connection, List<String> statements) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (String line : statements) statement.execute(line);
        }
    }

    @Override
    public void close() throws Exception {
        closed = true;
        rhythm.join();
        producer.close();
        origin.close();
        destination.close();
        if (failure != null) throw failure;
    }
}
