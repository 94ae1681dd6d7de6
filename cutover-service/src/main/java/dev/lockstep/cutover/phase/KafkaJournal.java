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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
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

    /** How long an append may take. Writes may be standing still meanwhile, and a successor may take over. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration START_PATIENCE = Duration.ofSeconds(60);

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
        return open(bootstrap, topics, PATIENCE);
    }

    static KafkaJournal open(String bootstrap, Topics topics, Duration patience) {
        JournalTopic.ensure(Map.of("bootstrap.servers", bootstrap), topics.journal());
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                settings(bootstrap, topics.migration(), patience),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        try {
            takeOver(producer);
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw new JournalException("cannot take over the journal " + topics.journal() + ": " + e.getMessage(), e);
        }
        return new KafkaJournal(bootstrap, topics, producer);
    }

    /** Nothing is under way yet, so a broker that was killed or is new has more time to get ready than later, when it must be quick. */
    private static void takeOver(KafkaProducer<byte[], byte[]> producer) {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (true) {
            try {
                producer.initTransactions();
                return;
            } catch (RetriableException e) {
                if (System.nanoTime() > deadline) throw e;
            }
        }
    }

    private static Properties settings(String bootstrap, String migration, Duration patience) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("transactional.id", "lockstep-" + migration + "-journal");
        settings.put("acks", "all");
        settings.put("linger.ms", "0");
        settings.put("max.block.ms", Long.toString(patience.toMillis()));
        settings.put("request.timeout.ms", Long.toString(patience.toMillis() / 2));
        settings.put("delivery.timeout.ms", Long.toString(patience.toMillis()));
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
        transact("journal phase " + event.getPhase(), () -> {
            producer.send(new ProducerRecord<>(topics.journal(), 0, key, Messages.CUTOVER_EVENT.encode(event)));
            producer.commitTransaction(); // sends what is not sent yet, and fails if a record did not arrive
        });
    }

    /** By a record that is taken back: whoever is fenced off cannot get it in. */
    @Override
    public synchronized void confirm() {
        transact("ask the journal whether this process is still in charge", () -> {
            var sent = producer.send(new ProducerRecord<>(topics.journal(), 0, new byte[0], new byte[0]));
            producer.flush();
            arrived(sent); // to abort what was never sent, Kafka need not be asked
            producer.abortTransaction();
        });
    }

    private static void arrived(Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void transact(String what, Runnable act) {
        if (broken != null) throw broken;
        try {
            producer.beginTransaction();
            act.run();
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw breakWith(new FencedOffException(topics.migration(), e));
        } catch (KafkaException e) {
            throw breakWith(doubtful(what, e));
        }
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
        producer.close(PATIENCE);
    }
}
