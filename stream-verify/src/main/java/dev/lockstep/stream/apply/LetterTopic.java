package dev.lockstep.stream.apply;

import dev.lockstep.schemas.avro.DeadLetter;
import dev.lockstep.schemas.message.LargestMessage;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.TopicReader;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.row.RowKey;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The topic {@code dead-letters}, as the one applier of a lane that may write to it: opening it fences off whoever had it open before, so
 * what is read after that is all there is.
 */
final class LetterTopic implements AutoCloseable {

    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final ApplyConfig config;
    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;

    record Entry(RowKey key, DeadLetter letter) {}

    private LetterTopic(ApplyConfig config, KafkaProducer<byte[], byte[]> producer) {
        this.config = config;
        this.topic = config.topics().deadLetters();
        this.producer = producer;
    }

    static LetterTopic open(ApplyConfig config) {
        TopicSetup.createForever(config.bootstrap(), config.topics().deadLetters());
        var producer = new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        config.bootstrap(),
                        "transactional.id",
                        "lockstep." + config.topics().migration() + ".dead-letters."
                                + config.direction().name().toLowerCase(Locale.ROOT) + "." + config.lane(),
                        "max.request.size",
                        LargestMessage.BYTES,
                        "buffer.memory",
                        2L * LargestMessage.BYTES,
                        "linger.ms",
                        0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        try {
            producer.initTransactions();
            return new LetterTopic(config, producer);
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /** This lane's letters and what became of them, in the order in which they were written. */
    List<Entry> read() {
        Properties client = new Properties();
        client.put("bootstrap.servers", config.bootstrap());
        return TopicReader.awaitAll(client, new TopicPartition(topic, 0)).stream()
                .map(message ->
                        new Entry(Messages.decodeKey(message.key()), Messages.DEAD_LETTER.decode(message.value())))
                .filter(entry -> isOurs(entry.letter()))
                .toList();
    }

    private boolean isOurs(DeadLetter letter) {
        return letter.getLane() == config.lane()
                && letter.getDirection().equals(config.direction().name());
    }

    /**
     * All or none, and on every replica that Kafka asks for when this returns.
     *
     * @throws KafkaException if Kafka does not take them, or somebody has opened the topic since. They may be there or not, and this
     *     takes no more
     */
    void append(List<Entry> entries) {
        if (entries.isEmpty()) return;
        producer.beginTransaction();
        for (Entry entry : entries)
            producer.send(new ProducerRecord<>(
                    topic, 0, Messages.encode(entry.key()), Messages.DEAD_LETTER.encode(entry.letter())));
        producer.commitTransaction();
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
