package dev.lockstep.stream.scan;

import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.TopicReader;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.row.RowKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** What is known of the scans whatever ends their process: each table's newest pass, and the rows that differ. Thread-safe. */
final class ScanLog implements AutoCloseable {

    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final byte TABLE = 't'; // a row key's message begins otherwise

    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<String, Pass> passes = new ConcurrentHashMap<>();
    private final Map<RowDigest, Difference> differences = new ConcurrentHashMap<>();

    private ScanLog(String topic, KafkaProducer<byte[], byte[]> producer) {
        this.topic = topic;
        this.producer = producer;
    }

    static ScanLog open(String bootstrap, Topics topics) {
        ScanLog log = new ScanLog(
                topics.scans(),
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrap, "acks", "all"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer()));
        Properties client = new Properties();
        client.put("bootstrap.servers", bootstrap);
        TopicReader.readAll(client, new TopicPartition(topics.scans(), 0))
                .forEach(message -> log.know(message.key(), message.value()));
        return log;
    }

    private void know(byte[] key, byte @Nullable [] value) {
        if (key[0] == TABLE) {
            if (value != null) know(Pass.of(Messages.TABLE_SCAN.decode(value)));
        } else {
            RowKey row = Messages.decodeKey(key);
            if (value == null) differences.remove(RowDigest.of(row));
            else differences.put(RowDigest.of(row), Difference.of(row, Messages.ROW_DIFFERENCE.decode(value)));
        }
    }

    private void know(Pass pass) {
        passes.put(pass.table(), pass);
    }

    Optional<Pass> pass(String table) {
        return Optional.ofNullable(passes.get(table));
    }

    /** The rows that differ. */
    List<Difference> differences() {
        return List.copyOf(differences.values());
    }

    List<Difference> differences(String table) {
        return differences.values().stream()
                .filter(difference -> difference.key().table().equals(table))
                .toList();
    }

    /** On every replica that Kafka asks for when this returns. */
    void write(Pass pass) {
        byte[] key = ((char) TABLE + pass.table()).getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topic, key, Messages.TABLE_SCAN.encode(pass.toAvro())));
        producer.flush();
        know(pass);
    }

    void write(Difference found) {
        Difference known = differences.get(RowDigest.of(found.key()));
        Difference difference = known == null ? found : found.since(known.firstSeen());
        producer.send(new ProducerRecord<>(
                topic, Messages.encode(found.key()), Messages.ROW_DIFFERENCE.encode(difference.toAvro())));
        differences.put(RowDigest.of(found.key()), difference);
    }

    /** The row is the same on both sides, if it was known not to be. */
    void settle(RowKey key) {
        if (differences.remove(RowDigest.of(key)) == null) return;
        producer.send(new ProducerRecord<>(topic, Messages.encode(key), null));
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
