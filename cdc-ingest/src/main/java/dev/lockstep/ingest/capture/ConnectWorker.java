package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.embedded.Ports;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.Topics;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.connect.cli.ConnectDistributed;
import org.apache.kafka.connect.runtime.Connect;
import org.apache.kafka.connect.runtime.Worker;
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

    /**
     * @param lanes of the migration whose captures it will run
     */
    public static ConnectWorker start(String bootstrap, Topics topics, int lanes) {
        endTransactionsOfAKilledWorker(bootstrap, topics, lanes);
        URI url = URI.create("http://127.0.0.1:" + Ports.free());
        Connect<?> connect = new ConnectDistributed().startConnect(settings(bootstrap, topics, url));
        return new ConnectWorker(connect, url);
    }

    private static String group(Topics topics) {
        return "lockstep." + topics.migration() + ".connect";
    }

    private static String storageTopic(String group, String storage) {
        return group + "." + storage;
    }

    /**
     * A killed worker leaves transactions open. Until they time out, after a minute, nobody reads past them: not the next worker
     * its offsets, not the applier the changes. Fencing off their producers (KIP-618) aborts them at once. They are named as Connect
     * names them, not looked up: a broker that has just started lists none. Where no worker has run yet there is none to fence, and
     * each name that Kafka does not know takes it half a second.
     */
    private static void endTransactionsOfAKilledWorker(String bootstrap, Topics topics, int lanes) {
        String group = group(topics);
        List<String> producers = new ArrayList<>(List.of("connect-cluster-" + group));
        for (Side side : Side.values())
            for (int lane = 0; lane < lanes; lane++)
                producers.add(Worker.taskTransactionalId(group, CaptureConfig.name(topics, side, lane), 0));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            boolean first = !admin.listTopics().names().get().contains(storageTopic(group, "offset"));
            if (first) return;
            admin.fenceProducers(producers).all().get();
        } catch (ExecutionException e) {
            LOG.warn("open transactions are left to their timeout: error={}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting Kafka Connect", e);
        }
    }

    private static Map<String, String> settings(String bootstrap, Topics topics, URI url) {
        String name = group(topics);
        Map<String, String> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("group.id", name);
        settings.put("exactly.once.source.support", "enabled");
        for (String storage : new String[] {"config", "offset", "status"}) {
            settings.put(storage + ".storage.topic", storageTopic(name, storage));
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
