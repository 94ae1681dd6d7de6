package dev.lockstep.stream.scan;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
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
 * Two databases, the second behind the first: a change of the source is in its topic at once and on the target some barriers later, as
 * capture and applier would bring it.
 */
final class Twin implements AutoCloseable {

    private static final int BARRIERS_BEHIND = 12;
    private static final long INTERVAL_MILLIS = 20;

    final Migration migration;
    final Topics topics;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Connection source;
    private final Connection target;
    private final Deque<List<String>> onTheirWay = new ArrayDeque<>();
    private final Thread rhythm = new Thread(this::beat, "twin");
    private List<String> since = new ArrayList<>();
    private long micros = Micros.of(Instant.now()); // grows over restarts
    private volatile boolean closed;
    private volatile @Nullable Exception failure;

    Twin(String bootstrap, String name, Path directory, Endpoint from, Endpoint to, String scan)
            throws IOException, SQLException {
        migration = migration(name, directory, from, to, scan);
        topics = new Topics(name);
        TopicSetup.create(bootstrap, topics, 1);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArraySerializer(), new ByteArraySerializer());
        source = from.connect();
        target = to.connectWriter();
        for (Endpoint side : List.of(from, to))
            try (Connection connection = side.connectWriter()) {
                ControlTables.createBarrier(connection, side.dialect());
            }
        for (Connection side : List.of(source, target))
            execute(
                    side,
                    List.of("delete from lockstep.barrier", "insert into lockstep.barrier values ('FORWARD', 0, 0)"));
        source.setAutoCommit(false);
        target.setAutoCommit(false);
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
        execute(source, List.of(set));
        source.commit();
        send(
                Barrier.MAPPING.keyOf(row()),
                new ChangeEvent(
                        Barrier.MAPPING.id(), ChangeEvent.Operation.UPDATE, null, row(), Position.SNAPSHOT, null));
        since.add(set);
        onTheirWay.add(since);
        since = new ArrayList<>();
        if (onTheirWay.size() <= BARRIERS_BEHIND) return;
        execute(target, onTheirWay.remove());
        target.commit();
    }

    private Row row() {
        return new Row(List.of(new Value.Text("FORWARD"), new Value.Whole(0), new Value.Whole(micros)));
    }

    /** A change of a row on the source, and soon on the target. */
    synchronized void change(RowKey key, String statement) throws SQLException {
        execute(source, List.of(statement));
        source.commit();
        send(key, new ChangeEvent(key.table(), ChangeEvent.Operation.DELETE, null, null, Position.SNAPSHOT, null));
        since.add(statement);
    }

    private void send(RowKey key, ChangeEvent change) {
        producer.send(
                new ProducerRecord<>(topics.changes(Side.SOURCE), 0, Messages.encode(key), Messages.encode(change)));
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
        source.close();
        target.close();
        if (failure != null) throw failure;
    }
}
