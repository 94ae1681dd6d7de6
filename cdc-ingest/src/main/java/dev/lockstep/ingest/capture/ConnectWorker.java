package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.embedded.Ports;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.cli.ConnectDistributed;
import org.apache.kafka.connect.runtime.Connect;

/**
 * A Kafka Connect worker in this process with exactly-once source support on. It is a distributed worker of one, since only
 * those write records and offsets in one Kafka transaction (KIP-618); its REST interface is on loopback.
 */
public final class ConnectWorker implements AutoCloseable {

    private final Connect<?> connect;
    private final URI url;

    private ConnectWorker(Connect<?> connect, URI url) {
        this.connect = connect;
        this.url = url;
    }

    public static ConnectWorker start(String bootstrap, String migration) {
        URI url = URI.create("http://127.0.0.1:" + Ports.free());
        Connect<?> connect = new ConnectDistributed().startConnect(settings(bootstrap, migration, url));
        return new ConnectWorker(connect, url);
    }

    private static Map<String, String> settings(String bootstrap, String migration, URI url) {
        String name = "lockstep." + migration + ".connect";
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
