package dev.lockstep.schemas.message;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a partition from its beginning to where it ended when the reading began. */
public final class TopicReader {

    private TopicReader() {}

    /**
     * What is committed; a transaction that is under way hides what others commit behind it.
     *
     * @param client settings of the client
     */
    public static List<ConsumerRecord<byte[], byte[]>> readAll(Properties client, TopicPartition partition) {
        return readTail(client, partition, Long.MAX_VALUE);
    }

    /**
     * The same of a partition that several write to: waits for transactions that were under way when the reading began, at most until
     * Kafka gives them up.
     */
    public static List<ConsumerRecord<byte[], byte[]>> awaitAll(Properties client, TopicPartition partition) {
        long end;
        try (var all = consumer(client, "read_uncommitted")) {
            end = all.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        }
        return read(client, partition, Long.MAX_VALUE, end);
    }

    /**
     * The same, but of the last offsets alone.
     *
     * @param offsets how many; marks of transactions take some of them
     */
    public static List<ConsumerRecord<byte[], byte[]>> readTail(
            Properties client, TopicPartition partition, long offsets) {
        return read(client, partition, offsets, 0);
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(
            Properties client, TopicPartition partition, long offsets, long atLeastTo) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer = consumer(client, "read_committed")) {
            List<TopicPartition> partitions = List.of(partition);
            consumer.assign(partitions);
            long end = Math.max(atLeastTo, consumer.endOffsets(partitions).getOrDefault(partition, 0L));
            long beginning = consumer.beginningOffsets(partitions).getOrDefault(partition, 0L);
            consumer.seek(partition, Math.max(beginning, end - offsets));
            while (consumer.position(partition) < end)
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
        }
        return records;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Properties client, String isolation) {
        Properties settings = new Properties();
        settings.putAll(client);
        settings.put("isolation.level", isolation);
        settings.put("enable.auto.commit", "false");
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
