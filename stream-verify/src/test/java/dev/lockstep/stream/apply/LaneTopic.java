package dev.lockstep.stream.apply;

import dev.lockstep.schemas.avro.StageReport;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A migration's topics on a broker, written as an exactly-once capture writes them. */
final class LaneTopic implements AutoCloseable {

    private final String bootstrap;
    private final Topics topics;
    private KafkaProducer<byte[], byte[]> producer;

    LaneTopic(String bootstrap, Topics topics) throws Exception {
        this.bootstrap = bootstrap;
        this.topics = topics;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(
                            new NewTopic(topics.sourceChanges(), 1, (short) 1),
                            new NewTopic(topics.stages(), 1, (short) 1)))
                    .all()
                    .get();
        }
        producer = open();
    }

    private KafkaProducer<byte[], byte[]> open() {
        KafkaProducer<byte[], byte[]> opened = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "transactional.id", topics.migration(), "linger.ms", 5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        opened.initTransactions();
        return opened;
    }

    /** Writes the entries, runs of them in one Kafka transaction each, and before every run the same one aborted. */
    void write(List<Lane.Entry> entries, int run) {
        for (int from = 0; from < entries.size(); from += run) {
            List<Lane.Entry> part = entries.subList(from, Math.min(entries.size(), from + run));
            outlast(() -> abortAndCommit(part));
        }
    }

    /** Of transactions that follow each other quickly a broker refuses one now and then, and a producer gives up at it for good. */
    private void outlast(Runnable transaction) {
        try {
            transaction.run();
        } catch (InvalidTxnStateException e) {
            producer.close(Duration.ZERO);
            producer = open();
            transaction.run();
        }
    }

    private void abortAndCommit(List<Lane.Entry> part) {
        send(part);
        producer.flush();
        producer.abortTransaction();
        send(part);
        producer.commitTransaction();
    }

    /** Writes the entries in one Kafka transaction. */
    void writeAll(List<Lane.Entry> entries) {
        outlast(() -> {
            send(entries);
            producer.commitTransaction();
        });
    }

    private void send(List<Lane.Entry> entries) {
        producer.beginTransaction();
        for (Lane.Entry entry : entries)
            producer.send(new ProducerRecord<>(
                    topics.changes(Side.SOURCE), 0, Messages.encode(entry.key()), Messages.encode(entry.change())));
    }

    /** The reports so far. */
    List<StageReport> stages() {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topics.stages(), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            List<StageReport> reports = new ArrayList<>();
            while (consumer.position(partition) < end)
                consumer.poll(Duration.ofSeconds(1))
                        .forEach(message -> reports.add(Messages.STAGE_REPORT.decode(message.value())));
            return reports;
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
