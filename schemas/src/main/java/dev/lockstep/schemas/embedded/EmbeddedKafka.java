package dev.lockstep.schemas.embedded;

import dev.lockstep.schemas.message.LargestMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A Kafka broker with its controller (KRaft) in this process, on loopback. Its data stay in a directory, so the next start
 * on the same directory has every committed record, whether this one ended well or was killed.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final int NODE = 1;
    private static final Duration CONTROLLER_PATIENCE = Duration.ofSeconds(60);
    private static final String CLEAN_SHUTDOWN = ".kafka_cleanshutdown"; // there once a broker has ended well

    private final KafkaRaftServer server;
    private final String bootstrap;

    private EmbeddedKafka(KafkaRaftServer server, String bootstrap) {
        this.server = server;
        this.bootstrap = bootstrap;
    }

    /** Starts a broker whose data live in the directory; it is made if it is not there. */
    public static EmbeddedKafka start(Path directory) {
        try {
            Path data = Files.createDirectories(directory).resolve("data");
            int port = Ports.kept(directory.resolve("port"));
            int controllerPort = Ports.kept(directory.resolve("controller-port"));
            if (!Files.exists(data.resolve("meta.properties"))) format(data);
            else if (!Files.exists(data.resolve(CLEAN_SHUTDOWN))) unregisterKilledBroker(data, controllerPort);
            Map<String, String> settings = settings(data, port, controllerPort);
            return new EmbeddedKafka(startServer(settings), "127.0.0.1:" + port);
        } catch (Exception e) {
            throw new IllegalStateException("cannot start Kafka in " + directory + ": " + e.getMessage(), e);
        }
    }

    private static KafkaRaftServer startServer(Map<String, String> settings) {
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
        server.startup();
        return server;
    }

    /**
     * Makes the cluster forget the broker's former life before the next one starts. Otherwise a transaction can hang for ever:
     * (1) the broker is killed between a transaction's prepared commit and its markers; (2) started again it takes itself for the
     * partitions' leader, reads the prepared commit and sends the markers, to its own port, which is not open yet; (3) the
     * controller fences the former life, as its session has timed out; (4) the sender finds no leader, takes the partitions for deleted
     * and notes the commit as complete. No marker was written, and nobody reads past the transaction. Unregistered first, the broker
     * leads nothing until its port is open. It need not wait for the session to time out, either.
     */
    private static void unregisterKilledBroker(Path data, int controllerPort) throws Exception {
        KafkaRaftServer controller = startServer(controllerSettings(data, controllerPort));
        try {
            Instant deadline = Instant.now().plus(CONTROLLER_PATIENCE);
            while (!isUnregistered(controllerPort, Instant.now().isAfter(deadline))) Thread.sleep(100);
        } finally {
            controller.shutdown();
            controller.awaitShutdown();
        }
    }

    /**
     * A controller that has not read its own log yet answers as the oldest there is, which knows no such request; one that has but just become the
     * active one, that it is not.
     */
    private static boolean isUnregistered(int controllerPort, boolean last) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.controllers", "127.0.0.1:" + controllerPort))) {
            admin.unregisterBroker(NODE).all().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BrokerIdNotRegisteredException) return true;
            boolean early =
                    e.getCause() instanceof UnsupportedVersionException || e.getCause() instanceof RetriableException;
            if (early && !last) return false;
            throw e;
        }
    }

    private static void format(Path data) throws Exception {
        new Formatter()
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(NODE)
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(data.toString())
                .setDirectories(List.of(data.toString()))
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setIgnoreFormatted(true)
                .setPrintStream(new java.io.PrintStream(
                        java.io.OutputStream.nullOutputStream(), false, java.nio.charset.StandardCharsets.UTF_8))
                .run();
    }

    private static Map<String, String> controllerSettings(Path data, int controllerPort) {
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "controller");
        settings.put("node.id", Integer.toString(NODE));
        settings.put("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort);
        settings.put("listeners", "CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("log.dirs", data.toString());
        return settings;
    }

    private static Map<String, String> settings(Path data, int port, int controllerPort) {
        Map<String, String> settings = controllerSettings(data, controllerPort);
        settings.put("process.roles", "broker,controller");
        settings.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        settings.put("broker.session.timeout.ms", "600000"); // a process that gets no processor for seconds is not dead
        settings.put("auto.create.topics.enable", "false");
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic"))
            settings.put(topic + ".replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("log.retention.ms", "-1"); // a change stays until the migration is finished
        settings.put("message.max.bytes", Integer.toString(LargestMessage.BYTES));
        settings.put("replica.fetch.max.bytes", Integer.toString(LargestMessage.BYTES));
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 * 1024 * 1024));
        return settings;
    }

    /** {@code host:port} for clients. */
    public String bootstrap() {
        return bootstrap;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
