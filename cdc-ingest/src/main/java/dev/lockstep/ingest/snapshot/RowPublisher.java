package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.CopyChunk;
import dev.lockstep.schemas.message.LargestMessage;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.table.TableMapping;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One reader's way into the topic of changes. Rows and the record that says how far they reach are one Kafka transaction: after a
 * crash either both are there or neither. What is on its way is bounded, so that a slow broker slows the reader and fills no memory.
 */
final class RowPublisher implements AutoCloseable {

    private static final long MAX_IN_FLIGHT = 16 << 20;

    private final CopyConfig config;
    private final KafkaProducer<byte[], byte[]> producer;
    private final String changes;
    private final Object landed = new Object();
    private long inFlight;
    private @Nullable Exception failure;
    private boolean open;

    RowPublisher(CopyConfig config, int reader) {
        this.config = config;
        this.changes = config.topics().changes(config.side());
        this.producer = CopyProducers.open(config, 1 + reader);
    }

    /**
     * Sends a row, in the transaction that the next {@link #commit} ends.
     *
     * @return its bytes on the wire
     * @throws IllegalArgumentException if it is too large
     */
    int send(TableMapping table, Row row) throws InterruptedException {
        RowKey rowKey = table.keyOf(row);
        byte[] key = Messages.encode(rowKey);
        byte[] value = LargestMessage.encode(
                rowKey, key.length, new ChangeEvent(table.id(), Operation.READ, null, row, Position.SNAPSHOT, null));
        int bytes = key.length + value.length;
        begin();
        takeOff(bytes);
        producer.send(new ProducerRecord<>(changes, config.lane(), key, value), (metadata, e) -> land(bytes, e));
        return bytes;
    }

    private void begin() {
        if (open) return;
        producer.beginTransaction();
        open = true;
    }

    private void takeOff(int bytes) throws InterruptedException {
        synchronized (landed) {
            while (inFlight > 0 && inFlight + bytes > MAX_IN_FLIGHT && failure == null) landed.wait();
            inFlight += bytes;
        }
    }

    private void land(int bytes, @Nullable Exception e) {
        synchronized (landed) {
            inFlight -= bytes;
            if (e != null && failure == null) failure = e;
            landed.notifyAll();
        }
    }

    /** Makes the rows sent so far and the chunk's record visible at once. */
    void commit(CopyChunk chunk) {
        begin();
        producer.send(new ProducerRecord<>(
                config.topics().copy(), config.key(chunk).getBytes(StandardCharsets.UTF_8), chunk.encode()));
        producer.commitTransaction();
        open = false;
    }

    /** An open transaction is aborted. */
    @Override
    public void close() {
        CopyProducers.close(producer);
    }
}
