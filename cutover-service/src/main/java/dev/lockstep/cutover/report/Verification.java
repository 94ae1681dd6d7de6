package dev.lockstep.cutover.report;

import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Holds a written report against the record: the chain's file, and the verdicts in their topic, chained anew from the first. */
public final class Verification {

    private Verification() {}

    /**
     * @param directory that the record is kept in
     * @return the first difference; empty: there is none
     */
    public static Optional<String> check(ProofReport report, Path directory, String bootstrap) {
        Recount recount = new Recount(report, ProofRecord.points(directory));
        TopicPartition topic = new TopicPartition(new Topics(report.migration()).verdicts(), 0);
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("enable.auto.commit", "false");
        settings.put("isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(topic));
            long first = consumer.beginningOffsets(List.of(topic)).getOrDefault(topic, 0L);
            if (first > 0)
                return Optional.of("the first " + first + " verdicts are gone from topic " + topic.topic()
                        + "; they can no longer be checked");
            long end = consumer.endOffsets(List.of(topic)).getOrDefault(topic, 0L);
            consumer.seekToBeginning(List.of(topic));
            while (consumer.position(topic) < end)
                consumer.poll(Duration.ofMillis(200))
                        .forEach(message -> recount.add(Messages.TABLE_VERDICT.decode(message.value())));
        }
        return recount.end();
    }
}
