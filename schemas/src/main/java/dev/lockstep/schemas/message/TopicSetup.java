package dev.lockstep.schemas.message;

import dev.lockstep.schemas.table.TableMapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes a migration's topics, and publishes and reads the tables it is about. */
public final class TopicSetup {

    private TopicSetup() {}

    /**
     * Creates the topics that are not there yet. Nothing in them expires: a change, a verdict and the journal stay until the
     * migration's topics are deleted.
     *
     * @throws KafkaException if Kafka is away or refuses one
     */
    public static void create(String bootstrap, Topics topics, int lanes) {
        List<NewTopic> wanted = new ArrayList<>();
        for (Side side : Side.values()) wanted.add(topic(topics.changes(side), lanes, "delete"));
        for (String name : topics.compacted()) wanted.add(topic(name, 1, "compact"));
        for (String name : List.of(topics.stages(), topics.verdicts(), topics.deadLetters(), topics.journal()))
            wanted.add(topic(name, 1, "delete"));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            for (var creation : admin.createTopics(wanted).values().values()) awaitCreated(creation);
        }
    }

    /**
     * Creates a topic of one partition in which nothing expires, if it is not there yet.
     *
     * @throws KafkaException likewise
     */
    public static void createForever(String bootstrap, String name) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            awaitCreated(admin.createTopics(List.of(topic(name, 1, "delete"))).all());
        }
    }

    private static void awaitCreated(org.apache.kafka.common.KafkaFuture<Void> creation) {
        try {
            creation.get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException))
                throw new KafkaException("cannot create a topic: " + e.getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while creating topics", e);
        }
    }

    private static NewTopic topic(String name, int partitions, String cleanup) {
        return new NewTopic(name, java.util.Optional.of(partitions), java.util.Optional.empty())
                .configs(Map.of(
                        "cleanup.policy",
                        cleanup,
                        "retention.ms",
                        "-1",
                        "retention.bytes",
                        "-1",
                        "max.message.bytes",
                        Integer.toString(LargestMessage.BYTES)));
    }

    /** Writes what both sides agreed on. */
    public static void publish(String bootstrap, Topics topics, List<TableMapping> tables) {
        try (var producer =
                new KafkaProducer<>(client(bootstrap), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (TableMapping table : tables)
                producer.send(new ProducerRecord<>(
                        topics.tables(),
                        table.id().getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        Messages.encode(table)));
            producer.flush();
        }
    }

    /** The tables as last published; empty before the first time. */
    public static List<TableMapping> read(String bootstrap, Topics topics) {
        Map<String, TableMapping> tables = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record :
                TopicReader.readAll(client(bootstrap), new TopicPartition(topics.tables(), 0))) {
            TableMapping table = Messages.decodeTable(record.value());
            tables.put(table.id(), table);
        }
        return List.copyOf(tables.values());
    }

    private static Properties client(String bootstrap) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        return settings;
    }
}
