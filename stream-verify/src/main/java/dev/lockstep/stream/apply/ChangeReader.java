package dev.lockstep.stream.apply;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a lane's committed changes from a given offset on. Offsets are kept with the rows, not in Kafka. */
final class ChangeReader implements AutoCloseable {

    private static final int MIN_POLL = 500;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition lane;

    ChangeReader(ApplyConfig config) {
        lane = new TopicPartition(config.topics().changes(config.from()), config.lane());
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        config.bootstrap(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        Math.max(config.batchRows(), MIN_POLL),
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        8 << 20),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(lane));
    }

    void seek(long offset) {
        consumer.seek(lane, offset);
    }

    void seekToEnd() {
        consumer.seekToEnd(List.of(lane));
    }

    /** The offset that comes next. */
    long position() {
        return consumer.position(lane);
    }

    /**
     * What has come, after at most the given time; nothing once {@link #wakeup} was called.
     *
     * @throws ApplyException if Kafka does not have the changes any more
     */
    List<Incoming> poll(Duration timeout) {
        try {
            List<Incoming> changes = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> message : consumer.poll(timeout))
                if (message.value() != null)
                    changes.add(Incoming.of(message.offset(), message.timestamp(), message.key(), message.value()));
            return changes;
        } catch (WakeupException e) {
            return List.of();
        } catch (OffsetOutOfRangeException e) {
            throw new ApplyException(
                    "Kafka no longer has the changes of " + lane + " from " + e.offsetOutOfRangePartitions()
                            + " on: they were removed before they were applied; set retention.ms of the topic to -1 and"
                            + " copy the tables again",
                    e);
        }
    }

    /** Ends a {@link #poll} that another thread is in. */
    void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
