package dev.lockstep.stream.prove;

import dev.lockstep.schemas.avro.Mismatch;
import dev.lockstep.schemas.avro.StageReport;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.TopicReader;
import dev.lockstep.schemas.message.Topics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Plays capture on both sides and reads what the proof says. */
final class ProofWire implements AutoCloseable {

    private final Topics topics;
    private final Properties client = new Properties();
    private final KafkaProducer<byte[], byte[]> producer;

    ProofWire(String bootstrap, Topics topics) {
        this.topics = topics;
        client.put("bootstrap.servers", bootstrap);
        Properties settings = new Properties();
        settings.putAll(client);
        settings.put("linger.ms", "0");
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    void source(Shop.Event... events) {
        for (Shop.Event event : events) send(Side.SOURCE, 0, event);
        producer.flush();
    }

    void target(Shop.Event... events) {
        for (Shop.Event event : events) send(Side.TARGET, 0, event);
        producer.flush();
    }

    void send(Side side, int lane, Shop.Event event) {
        producer.send(new ProducerRecord<>(
                topics.changes(side), lane, Messages.encode(event.key()), Messages.encode(event.change())));
    }

    void sendRaw(Side side, byte[] value) {
        producer.send(new ProducerRecord<>(topics.changes(side), 0, new byte[0], value));
        producer.flush();
    }

    void flush() {
        producer.flush();
    }

    List<TableVerdict> verdicts() {
        return read(topics.verdicts()).stream()
                .map(message -> Messages.TABLE_VERDICT.decode(message.value()))
                .toList();
    }

    List<StageReport> stages() {
        return read(topics.stages()).stream()
                .map(message -> Messages.STAGE_REPORT.decode(message.value()))
                .toList();
    }

    /** Open mismatches by the key's display form. */
    Map<String, Mismatch> mismatches() {
        Map<String, Mismatch> open = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> message : read(topics.mismatches())) {
            String key = Messages.decodeKey(message.key()).display();
            if (message.value() == null) open.remove(key);
            else open.put(key, Messages.MISMATCH.decode(message.value()));
        }
        return open;
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        return TopicReader.readAll(client, new TopicPartition(topic, 0));
    }

    @Override
    public void close() {
        producer.close();
    }
}
