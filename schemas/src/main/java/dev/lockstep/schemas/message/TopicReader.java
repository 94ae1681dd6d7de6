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
     * @param client settings of the client; committed records alone are read, whatever they say
     */
    public static List<ConsumerRecord<byte[], byte[]>> readAll(Properties client, TopicPartition partition) {
        return readTail(client, partition, Long.MAX_VALUE);
    }

    /**
     * The same, but of the last offsets alone.
     *
     * @param offsets how many; marks of transactions take some of them
     */
    public static List<ConsumerRecord<byte[], byte[]>> readTail(
            Properties client, TopicPartition partition, long offsets) {
        Properties settings = new Properties();
        settings.putAll(client);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", "false");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = List.of(partition);
            consumer.assign(partitions);
            long end = consumer.endOffsets(partitions).getOrDefault(partition, 0L);
            long beginning = consumer.beginningOffsets(partitions).getOrDefault(partition, 0L);
            consumer.seek(partition, Math.max(beginning, end - offsets));
            while (consumer.position(partition) < end)
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
        }
        return records;
    }
}
