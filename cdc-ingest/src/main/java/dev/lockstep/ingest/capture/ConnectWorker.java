package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.embedded.Ports;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.connect.cli.ConnectDistributed;
import org.apache.kafka.connect.runtime.Connect;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka Connect worker in this process with exactly-once source support on. It is a distributed worker of one, since only
 * those write records and offsets in one Kafka transaction (KIP-618); its REST interface is on loopback.
 */
public final class ConnectWorker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectWorker.class);

    private final Connect<?> connect;
    private final URI url;

    private ConnectWorker(Connect<?> connect, URI url) {
        this.connect = connect;
        this.url = url;
    }

    public static ConnectWorker start(String bootstrap, String migration) {
        endTransactionsOfAKilledWorker(bootstrap, group(migration));
        URI url = URI.create("http://127.0.0.1:" + Ports.free());
        Connect<?> connect = new ConnectDistributed().startConnect(settings(bootstrap, migration, url));
        return new ConnectWorker(connect, url);
    }

    private static String group(String migration) {
        return "lockstep." + migration + ".connect";
    }

    /**
     * A killed worker leaves transactions open. Until they time out, after a minute, nobody reads past them: not the next worker
     * its offsets, not the applier the changes. Fencing off their producers (KIP-664) aborts them at once.
     */
    private static void endTransactionsOfAKilledWorker(String bootstrap, String group) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            List<String> producers = admin.listTransactions().all().get().stream()
                    .map(TransactionListing::transactionalId)
                    .filter(id -> id.contains(group))
                    .toList();
            if (!producers.isEmpty()) admin.fenceProducers(producers).all().get();
        } catch (ExecutionException e) {
            LOG.warn("open transactions are left to their timeout: error={}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting Kafka Connect", e);
        }
    }

    private static Map<String, String> settings(String bootstrap, String migration, URI url) {
        String name = group(migration);
        Map<String, String> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("group.id", name);
        settings.put("exactly.once.source.support", "enabled");
        for (String storage : new String[] {"config", "offset", "status"}) {
            settings.put(storage + ".storage.topic", name + "." + storage);
            settings.put(storage + ".storage.replication.factor", "1");
        }
        settings.put("offset.storage.partitions", "1");
        settings.put("status.storage.partitions", "1");
        settings.put("key.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        settings.put("value.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        settings.put("config.providers", SecretProvider.NAME);
        settings.put("config.providers." + SecretProvider.NAME + ".class", SecretProvider.class.getName());
        settings.put("listeners", url.toString());
        settings.put("plugin.discovery", "service_load");
        settings.put("topic.creation.enable", "false");
        settings.put("session.timeout.ms", "6000"); // the broker's least: how long a killed worker's place stays taken
        settings.put("heartbeat.interval.ms", "2000");
        settings.put("scheduled.rebalance.max.delay.ms", "0");
        settings.put("task.shutdown.graceful.timeout.ms", "10000");
        return settings;
    }

    /** Where its REST interface listens. */
    public URI url() {
        return url;
    }

    @Override
    public void close() {
        connect.stop();
        connect.awaitStop();
    }
}
