package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.migration.Migration.CopyRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The copy's transactional producers, by number: 0 writes the plan, the others belong to a reader each. */
final class CopyProducers {

    private static final int MAX_REQUEST = 100 << 20;
    /** The broker's own bound. A reader may have to wait long for its next row; what a killed one left open is fenced, not waited out. */
    private static final int TRANSACTION_MILLIS = 900_000;

    private CopyProducers() {}

    static KafkaProducer<byte[], byte[]> open(CopyConfig config, int number) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", config.bootstrap());
        settings.put("transactional.id", id(config, number));
        settings.put("transaction.timeout.ms", TRANSACTION_MILLIS);
        settings.put("max.request.size", MAX_REQUEST);
        settings.put("buffer.memory", 2L * MAX_REQUEST); // a bound alone: RowPublisher keeps far below it
        settings.put("batch.size", 512 << 10);
        settings.put("linger.ms", 20);
        var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    private static String id(CopyConfig config, int number) {
        return "lockstep." + config.topics().migration() + ".copy."
                + config.side().label() + "." + config.lane() + "." + number;
    }

    /** Ends what an earlier run may have left: its open transactions are aborted, and if it still lives it can commit no more. */
    static void fenceAll(CopyConfig config) throws InterruptedException {
        List<String> ids = new ArrayList<>();
        for (int number = 0; number <= CopyRules.MAX_PARALLELISM; number++) ids.add(id(config, number));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", config.bootstrap()))) {
            admin.fenceProducers(ids).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot end an earlier copy's transactions: " + e.getMessage(), e);
        }
    }
}
