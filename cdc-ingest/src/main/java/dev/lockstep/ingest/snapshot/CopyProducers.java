package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.message.LargestMessage;
import dev.lockstep.schemas.message.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The copy's transactional producers, by number: 0 writes the plan, the others belong to a reader each. */
final class CopyProducers {

    /** The broker's own bound. A reader may have to wait long for its next row; what a killed one left open is fenced, not waited out. */
    private static final int TRANSACTION_MILLIS = 900_000;

    private static final Duration CLOSE = Duration.ofSeconds(5);

    private static final Set<TransactionState> OPEN =
            Set.of(TransactionState.ONGOING, TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT);

    private CopyProducers() {}

    static KafkaProducer<byte[], byte[]> open(CopyConfig config, int number) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", config.bootstrap());
        settings.put("transactional.id", id(config, number));
        settings.put("transaction.timeout.ms", TRANSACTION_MILLIS);
        settings.put("max.request.size", LargestMessage.BYTES);
        settings.put("buffer.memory", 2L * LargestMessage.BYTES); // a bound alone: RowPublisher keeps far below it
        settings.put("batch.size", 512 << 10);
        settings.put("linger.ms", 20);
        var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
            return producer;
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO); // else it goes on trying, and fences off whoever comes after it
            throw e;
        }
    }

    /** Ends what is under way: a commit that was begun is carried out, another transaction aborted. An interrupt that came before waits until then. */
    static void close(KafkaProducer<byte[], byte[]> producer) {
        boolean interrupted = Thread.interrupted();
        producer.close(CLOSE);
        if (interrupted) Thread.currentThread().interrupt();
    }

    private static String id(CopyConfig config, int number) {
        return prefix(config) + number;
    }

    private static String prefix(CopyConfig config) {
        return prefix(config.topics()) + config.side().label() + "." + config.lane() + ".";
    }

    private static String prefix(Topics topics) {
        return "lockstep." + topics.migration() + ".copy.";
    }

    /**
     * Aborts the transactions that an earlier run left open, whatever its number of readers: nobody reads past them. To be called once
     * a producer is open, as only then has the broker read which there are. (Fencing every number that there may be takes close to a
     * second for each that there was not.)
     */
    static void endOpenTransactions(CopyConfig config) throws InterruptedException {
        endOpenTransactions(config.bootstrap(), prefix(config));
    }

    /** The same for both sides and all lanes, of which none may be copying. */
    static void endOpenTransactions(String bootstrap, Topics topics) throws InterruptedException {
        endOpenTransactions(bootstrap, prefix(topics));
    }

    private static void endOpenTransactions(String bootstrap, String prefix) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            List<String> open = admin.listTransactions().all().get().stream()
                    .filter(found -> OPEN.contains(found.state()))
                    .map(TransactionListing::transactionalId)
                    .filter(id -> id.startsWith(prefix))
                    .toList();
            if (!open.isEmpty()) admin.fenceProducers(open).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot end an earlier copy's transactions: " + e.getMessage(), e);
        }
    }
}
