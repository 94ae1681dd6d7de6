package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.avro.CutoverEvent;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.TopicReader;
import dev.lockstep.schemas.message.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The journal on its Kafka topic, an event a transaction. All controllers of a migration have the same transactional id, so opening it fences
 * off the one that had it open before.
 */
public final class KafkaJournal implements Journal {

    /** How long one try may take. */
    private static final Duration TRY = Duration.ofSeconds(10);

    /** How long Kafka may be away. Writes may be standing still meanwhile, but a process that ends there gives them back to nobody. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String bootstrap;
    private final Topics topics;
    private final KafkaProducer<byte[], byte[]> producer;
    private @Nullable RuntimeException broken;

    private KafkaJournal(String bootstrap, Topics topics, KafkaProducer<byte[], byte[]> producer) {
        this.bootstrap = bootstrap;
        this.topics = topics;
        this.producer = producer;
    }

    /**
     * Takes the journal over: what the former controller has under way is settled, and nothing that it appends later gets in. So what is
     * read after this is all there is.
     *
     * @throws JournalException if the topic could lose events, or Kafka cannot be reached
     */
    public static KafkaJournal open(String bootstrap, Topics topics) {
        return open(bootstrap, topics, TRY);
    }

    static KafkaJournal open(String bootstrap, Topics topics, Duration oneTry) {
        JournalTopic.ensure(Map.of("bootstrap.servers", bootstrap), topics.journal());
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                settings(bootstrap, topics.migration(), oneTry), new ByteArraySerializer(), new ByteArraySerializer());
        try {
            persistently(producer::initTransactions, deadline());
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw new JournalException("cannot take over the journal " + topics.journal() + ": " + e.getMessage(), e);
        }
        return new KafkaJournal(bootstrap, topics, producer);
    }

    private static Properties settings(String bootstrap, String migration, Duration oneTry) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("transactional.id", "lockstep-" + migration + "-journal");
        settings.put("acks", "all");
        settings.put("linger.ms", "0");
        settings.put("max.block.ms", Long.toString(oneTry.toMillis()));
        settings.put("request.timeout.ms", Long.toString(oneTry.toMillis() / 2));
        settings.put("delivery.timeout.ms", Long.toString(oneTry.toMillis()));
        return settings;
    }

    /** Where the migration stands, without taking anything over. Empty: it has not begun. */
    public static Optional<Phase> look(String bootstrap, Topics topics) {
        List<Phase> phases = events(bootstrap, topics).stream()
                .filter(event -> !event.getPhase().equals(PhaseOwner.NOTE))
                .map(PhaseEvents::toPhase)
                .toList();
        return phases.isEmpty() ? Optional.empty() : Optional.of(phases.get(phases.size() - 1));
    }

    @Override
    public List<CutoverEvent> read() {
        return events(bootstrap, topics);
    }

    private static List<CutoverEvent> events(String bootstrap, Topics topics) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        return TopicReader.readAll(settings, new TopicPartition(topics.journal(), 0)).stream()
                .map(record -> Messages.CUTOVER_EVENT.decode(record.value()))
                .toList();
    }

    @Override
    public synchronized void append(CutoverEvent event) {
        byte[] key = event.getMigration().getBytes(StandardCharsets.UTF_8);
        transact(
                "journal phase " + event.getPhase(),
                () -> producer.send(
                        new ProducerRecord<>(topics.journal(), 0, key, Messages.CUTOVER_EVENT.encode(event))),
                producer::commitTransaction); // sends what is not sent yet, and fails if a record did not arrive
    }

    /** By a record that is taken back: whoever is fenced off cannot get it in. */
    @Override
    public synchronized void confirm() {
        transact(
                "ask the journal whether this process is still in charge",
                () -> {
                    producer.send(new ProducerRecord<>(topics.journal(), 0, new byte[0], new byte[0]));
                    producer.flush();
                },
                producer::abortTransaction);
    }

    private void transact(String what, Runnable send, Runnable end) {
        if (broken != null) throw broken;
        long deadline = deadline();
        try {
            while (!isDone(send, end, deadline)) {}
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw breakWith(new FencedOffException(topics.migration(), e));
        } catch (KafkaException e) {
            throw breakWith(doubtful(what, e));
        }
    }

    /** Not if Kafka did not take it, and certainly has nothing of it: by the same producer, so that no newer controller is fenced off. */
    private boolean isDone(Runnable send, Runnable end, long deadline) {
        producer.beginTransaction();
        try {
            send.run();
            persistently(end, deadline);
            return true;
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw e;
        } catch (KafkaException e) {
            if (System.nanoTime() > deadline) throw e;
            persistently(producer::abortTransaction, deadline);
            return false;
        }
    }

    /** What takes too long is still under way; asked for again, it is waited for again ({@link KafkaProducer#commitTransaction}). */
    private static void persistently(Runnable step, long deadline) {
        while (true) {
            try {
                step.run();
                return;
            } catch (RetriableException e) {
                if (System.nanoTime() > deadline) throw e;
            }
        }
    }

    private static long deadline() {
        return System.nanoTime() + PATIENCE.toNanos();
    }

    /**
     * An event may be there or not, and to ask means to initialise the transactional id again, which would fence off a
     * newer controller. So this one ends here; the next start settles it.
     */
    private static JournalException doubtful(String what, KafkaException e) {
        return new JournalException(
                "cannot " + what + " (" + e.getMessage()
                        + "); when Kafka is back, start again: the journal then tells where it stands",
                e);
    }

    private RuntimeException breakWith(RuntimeException e) {
        broken = e;
        producer.close(Duration.ZERO);
        return e;
    }

    @Override
    public void close() {
        producer.close(TRY);
    }
}
