package dev.lockstep.schemas.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.embedded.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicReaderIT {

    private static final TopicPartition PARTITION = new TopicPartition(new Topics("reader").copy(), 0);

    @TempDir
    Path directory;

    @Test
    void awaitsATransactionThatHidesWhatAnotherHasCommittedBehindIt() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            TopicSetup.create(kafka.bootstrap(), new Topics("reader"), 1);
            Properties client = new Properties();
            client.put("bootstrap.servers", kafka.bootstrap());
            try (var slow = producer(kafka, "slow");
                    var quick = producer(kafka, "quick")) {
                slow.beginTransaction();
                slow.send(new ProducerRecord<>(PARTITION.topic(), "a", "under way"))
                        .get();
                quick.beginTransaction();
                quick.send(new ProducerRecord<>(PARTITION.topic(), "b", "committed"));
                quick.commitTransaction();

                assertThat(texts(TopicReader.readAll(client, PARTITION))).isEmpty();
                var awaited = CompletableFuture.supplyAsync(() -> texts(TopicReader.awaitAll(client, PARTITION)));
                assertThat(awaited).as("while it is under way").isNotDone();
                slow.abortTransaction();
                assertThat(awaited.get(60, TimeUnit.SECONDS)).containsExactly("committed");
            }
        }
    }

    private static List<String> texts(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private static KafkaProducer<String, String> producer(EmbeddedKafka kafka, String id) {
        var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "transactional.id", id),
                new StringSerializer(),
                new StringSerializer());
        producer.initTransactions();
        return producer;
    }
}
