package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.LargestMessage;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.KeyCondition;
import dev.lockstep.schemas.table.RowReader;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows from the source and sends each as a copied row, or as one that is gone where the source lacks it. All of them are one Kafka
 * transaction. While the connector stands still, this is a copy of those rows at a later view: see docs/design.md, section 6.
 */
final class RowRefresh {

    private static final int AT_ONCE = 500;

    private final CaptureConfig config;
    private final Dialect dialect;

    RowRefresh(CaptureConfig config) {
        this.config = config;
        dialect = config.database().dialect();
    }

    void send(List<RowKey> rows) throws SQLException {
        try (Connection database = config.database().connect();
                KafkaProducer<byte[], byte[]> producer = producer()) {
            producer.initTransactions();
            producer.beginTransaction();
            Map<String, List<RowKey>> byTable = rows.stream().collect(Collectors.groupingBy(RowKey::table));
            for (var table : byTable.entrySet())
                for (int from = 0; from < table.getValue().size(); from += AT_ONCE)
                    send(
                            producer,
                            database,
                            TableMapping.withId(table.getKey(), config.tables()),
                            table.getValue()
                                    .subList(from, Math.min(table.getValue().size(), from + AT_ONCE)));
            producer.commitTransaction();
        }
    }

    private void send(
            KafkaProducer<byte[], byte[]> producer, Connection database, TableMapping table, List<RowKey> keys)
            throws SQLException {
        Map<RowDigest, Row> there = read(database, table, keys);
        for (RowKey key : keys) {
            byte[] keyBytes = Messages.encode(key);
            byte[] value = LargestMessage.encode(key, keyBytes.length, event(table, there.get(RowDigest.of(key))));
            producer.send(new ProducerRecord<>(config.topics().changes(config.side()), config.lane(), keyBytes, value));
        }
    }

    private static ChangeEvent event(TableMapping table, @Nullable Row row) {
        Operation operation = row == null ? Operation.DELETE : Operation.READ;
        return new ChangeEvent(table.id(), operation, null, row, Position.SNAPSHOT, null);
    }

    private Map<RowDigest, Row> read(Connection database, TableMapping table, List<RowKey> keys) throws SQLException {
        boolean source = config.side() == Side.SOURCE;
        RowReader reader = source ? RowReader.ofSource(dialect, table) : RowReader.ofTarget(dialect, table);
        String where = (source
                        ? KeyCondition.ofSource(dialect, table.keyColumns())
                        : KeyCondition.ofTarget(dialect, table.keyColumns()))
                .anyOf(keys.stream().map(RowKey::values).toList());
        Map<RowDigest, Row> rows = new HashMap<>();
        try (var statement = database.createStatement()) {
            for (String setting : KeyCondition.session(dialect)) statement.execute(setting);
            try (var result = statement.executeQuery(
                    "select " + reader.selectList() + " from " + dialect.quote(config.idOf(table)) + where)) {
                while (result.next()) {
                    Row row = reader.read(result);
                    rows.put(RowDigest.of(table.keyOf(row)), row);
                }
            }
        }
        return rows;
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        config.bootstrap(),
                        "transactional.id",
                        "lockstep." + config.topics().migration() + ".copy.refresh."
                                + config.side().label() + "." + config.lane(),
                        "max.request.size",
                        LargestMessage.BYTES,
                        "buffer.memory",
                        2L * LargestMessage.BYTES),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
