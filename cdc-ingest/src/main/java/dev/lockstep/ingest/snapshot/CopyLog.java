package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.message.CopyChunk;
import dev.lockstep.schemas.message.CopyPlan;
import dev.lockstep.schemas.message.TopicReader;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What is known of the copy whatever ends its process: the plan, and each chunk that was begun. Thread-safe. */
final class CopyLog implements AutoCloseable {

    private final CopyConfig config;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<String, CopyChunk> chunks = new LinkedHashMap<>();
    private @Nullable CopyPlan plan;

    private CopyLog(CopyConfig config, KafkaProducer<byte[], byte[]> producer) {
        this.config = config;
        this.producer = producer;
    }

    /** Takes the copy over from whoever had it, and reads how far it is. */
    static CopyLog open(CopyConfig config) throws InterruptedException {
        CopyLog log = new CopyLog(config, CopyProducers.open(config, 0));
        try {
            CopyProducers.endOpenTransactions(config);
            log.read();
            return log;
        } catch (RuntimeException | InterruptedException e) {
            log.close();
            throw e;
        }
    }

    private void read() {
        Properties client = new Properties();
        client.put("bootstrap.servers", config.bootstrap());
        String key = config.key();
        for (var record :
                TopicReader.awaitAll(client, new TopicPartition(config.topics().copy(), 0))) {
            String found = new String(record.key(), StandardCharsets.UTF_8);
            if (found.equals(key)) plan = CopyPlan.decode(record.value());
            else if (found.startsWith(key + "/")) chunks.put(found, CopyChunk.decode(record.value()));
        }
    }

    synchronized Optional<CopyPlan> plan() {
        return Optional.ofNullable(plan);
    }

    synchronized Collection<CopyChunk> chunks() {
        return java.util.List.copyOf(chunks.values());
    }

    /** A snapshot was taken. The first one's position stays the stream's start. */
    synchronized void begin(Map<String, String> position, Map<String, Long> barriers) {
        CopyPlan before = plan;
        write(new CopyPlan(
                before == null ? position : before.position(),
                barriers,
                before == null ? 1 : before.snapshots() + 1,
                false));
    }

    synchronized void finish() {
        CopyPlan before = java.util.Objects.requireNonNull(plan);
        write(new CopyPlan(before.position(), before.barriers(), before.snapshots(), true));
    }

    private void write(CopyPlan next) {
        send(config.key(), next.encode());
        plan = next;
    }

    /** Notes a chunk's bounds before any of its rows can be committed, so that the next one's beginning is known too. */
    synchronized void planned(CopyChunk chunk) {
        send(config.key(chunk), chunk.encode());
    }

    private void send(String key, byte[] value) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(config.topics().copy(), key.getBytes(StandardCharsets.UTF_8), value));
        producer.commitTransaction();
    }

    /** Rows of the chunk were committed with this record of it. */
    synchronized void committed(CopyChunk chunk) {
        chunks.put(config.key(chunk), chunk);
    }

    @Override
    public void close() {
        CopyProducers.close(producer);
    }
}
