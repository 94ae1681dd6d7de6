package dev.lockstep.cutover.cli;

import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.row.RowKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Stands between capture and everybody who reads the source's changes, and passes them on from one migration's topic to another's: most as
 * they are, those of some rows as a broken pipeline would.
 */
final class Meddler implements AutoCloseable {

    /** What becomes of a row's change. */
    interface Fault {
        /**
         * @param before the row's changes until now, as the source's log has them
         * @return what is passed on instead
         */
        List<ChangeEvent> of(List<ChangeEvent> before, ChangeEvent change);
    }

    private final Map<String, Fault> faults;
    private final Map<String, List<ChangeEvent>> seen = new HashMap<>();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final String to;
    private final Thread thread = new Thread(this::run, "meddler");
    private volatile boolean closed;
    private volatile @Nullable RuntimeException failure;

    /**
     * @param faults by the row's key as it is shown, in every table
     */
    Meddler(String bootstrap, Topics from, Topics to, Map<String, Fault> faults) {
        this.faults = faults;
        this.to = to.sourceChanges();
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "linger.ms", "0"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        List<TopicPartition> lane = List.of(new TopicPartition(from.sourceChanges(), 0));
        consumer.assign(lane);
        consumer.seekToBeginning(lane);
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                consumer.poll(Duration.ofMillis(50)).forEach(this::pass);
                producer.flush();
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void pass(ConsumerRecord<byte[], byte[]> message) {
        ChangeEvent change = Messages.decodeChange(message.value());
        RowKey row = Messages.decodeKey(message.key());
        Fault fault = isCopied(change) ? null : faults.get(row.display());
        if (fault == null) {
            send(message.key(), message.value());
            return;
        }
        List<ChangeEvent> before = seen.computeIfAbsent(row.table() + row.display(), unseen -> new ArrayList<>());
        for (ChangeEvent instead : fault.of(List.copyOf(before), change)) send(message.key(), Messages.encode(instead));
        before.add(change);
    }

    private static boolean isCopied(ChangeEvent change) {
        return change.position().equals(Position.SNAPSHOT);
    }

    private void send(byte[] key, byte[] value) {
        producer.send(new ProducerRecord<>(to, 0, key, value));
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
        consumer.close();
        producer.close();
        if (failure != null) throw failure;
    }
}
