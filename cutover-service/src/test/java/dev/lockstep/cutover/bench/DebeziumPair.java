package dev.lockstep.cutover.bench;

import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.embedded.Ports;
import dev.lockstep.schemas.migration.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.connect.cli.ConnectDistributed;
import org.apache.kafka.connect.runtime.Connect;

/**
 * Debezium's snapshot and Debezium's JDBC sink on a Connect worker of its own, with JSON converters, as its documentation sets them
 * up, and with the settings that make the sink quick: upserts of 5,000 rows, the reduction buffer on.
 */
public final class DebeziumPair implements AutoCloseable {

    private final String bootstrap;
    private final Connect<?> connect;
    private final URI url;

    private DebeziumPair(String bootstrap, Connect<?> connect, URI url) {
        this.bootstrap = bootstrap;
        this.connect = connect;
        this.url = url;
    }

    public static DebeziumPair start(EmbeddedKafka kafka) throws Exception {
        return start(kafka, true);
    }

    /**
     * @param first whether no such worker has run on this broker before
     */
    public static DebeziumPair start(EmbeddedKafka kafka, boolean first) throws Exception {
        URI url = URI.create("http://127.0.0.1:" + Ports.free());
        String bootstrap = kafka.bootstrap();
        if (first) createTopic(bootstrap, "peer.schema-history", 1);
        DebeziumPair pair =
                new DebeziumPair(bootstrap, new ConnectDistributed().startConnect(worker(bootstrap, url)), url);
        return pair;
    }

    private static void createTopic(String bootstrap, String name, int partitions) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static Map<String, String> worker(String bootstrap, URI url) {
        Map<String, String> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("group.id", "peer");
        for (String storage : List.of("config", "offset", "status")) {
            settings.put(storage + ".storage.topic", "peer." + storage);
            settings.put(storage + ".storage.replication.factor", "1");
        }
        settings.put("offset.storage.partitions", "1");
        settings.put("status.storage.partitions", "1");
        settings.put("key.converter", "org.apache.kafka.connect.json.JsonConverter");
        settings.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
        settings.put("listeners", url.toString());
        settings.put("plugin.discovery", "service_load");
        return settings;
    }

    /** Begins to copy the table; the copy is done when its last row is in the target. */
    public void copy(String name, Endpoint source, Endpoint target) throws Exception {
        String topic = topic(name, source);
        createTopic(bootstrap, topic, 1);
        put(name + "-source", source(name, source));
        put(name + "-sink", sink(topic, target, 1));
    }

    /** Begins to follow the table from now on, into a topic of so many partitions. */
    public void follow(String name, Endpoint source, int partitions) throws Exception {
        createTopic(bootstrap, topic(name, source), partitions);
        Map<String, String> settings = source(name, source);
        settings.put("snapshot.mode", "no_data");
        settings.put("poll.interval.ms", "5"); // as ours: the default alone adds up to half a second
        put(name + "-source", settings);
    }

    /** Begins to write what {@link #follow} has put into its topic, from its beginning, with a task for each partition. */
    public void sink(String name, String sink, Endpoint source, Endpoint target, int tasks) throws Exception {
        put(sink + "-sink", sink(topic(name, source), target, tasks));
    }

    public String topic(String name, Endpoint source) {
        boolean postgres = source.dialect().engine().equals("postgresql");
        return name + (postgres ? ".public.item" : ".shop.item");
    }

    private Map<String, String> source(String name, Endpoint source) {
        boolean postgres = source.dialect().engine().equals("postgresql");
        Map<String, String> settings = new HashMap<>();
        settings.put(
                "connector.class",
                "io.debezium.connector." + (postgres ? "postgresql.PostgresConnector" : "mariadb.MariaDbConnector"));
        settings.put("tasks.max", "1");
        settings.put("topic.prefix", name);
        settings.put("database.hostname", source.host());
        settings.put("database.port", Integer.toString(source.port()));
        settings.put("database.user", source.user());
        settings.put("database.password", "");
        settings.put("table.include.list", postgres ? "public.item" : "shop.item");
        settings.put("max.batch.size", "8192");
        settings.put("max.queue.size", "32768");
        settings.put("snapshot.fetch.size", "10000");
        if (postgres) {
            settings.put("database.dbname", source.database());
            settings.put("plugin.name", "pgoutput");
            settings.put("slot.name", name);
            settings.put("publication.name", name);
        } else {
            settings.put("database.server.id", Integer.toString(77_000 + name.hashCode() % 1000));
            settings.put("schema.history.internal.kafka.bootstrap.servers", bootstrap);
            settings.put("schema.history.internal.kafka.topic", "peer.schema-history");
            settings.put("include.schema.changes", "false");
        }
        return settings;
    }

    private static Map<String, String> sink(String topic, Endpoint target, int tasks) {
        Map<String, String> settings = new HashMap<>();
        settings.put("connector.class", "io.debezium.connector.jdbc.JdbcSinkConnector");
        settings.put("tasks.max", Integer.toString(tasks));
        settings.put("topics", topic);
        settings.put("connection.url", target.url());
        settings.put("connection.username", target.user());
        settings.put("connection.password", "");
        settings.put("insert.mode", "upsert");
        settings.put("delete.enabled", "true");
        settings.put("primary.key.mode", "record_key");
        settings.put("schema.evolution", "none");
        settings.put("collection.name.format", "item");
        settings.put("batch.size", "5000");
        settings.put("use.reduction.buffer", "true");
        settings.put("consumer.override.max.poll.records", "5000");
        settings.put("consumer.override.max.partition.fetch.bytes", Integer.toString(8 << 20));
        return settings;
    }

    private void put(String connector, Map<String, String> settings) throws IOException, InterruptedException {
        StringBuilder json = new StringBuilder("{");
        settings.forEach((key, value) -> json.append(json.length() > 1 ? "," : "")
                .append('"')
                .append(key)
                .append("\":\"")
                .append(value)
                .append('"'));
        send(
                connector + "/config",
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(json + "}")));
    }

    /** Why a connector has failed; empty while none has. */
    public String failure(String name) throws IOException, InterruptedException {
        String states = send(name + "-source/status", HttpRequest.newBuilder().GET())
                + send(name + "-sink/status", HttpRequest.newBuilder().GET());
        return states.contains("FAILED") ? states : "";
    }

    public void removeSource(String name) throws IOException, InterruptedException {
        send(name + "-source", HttpRequest.newBuilder().DELETE());
    }

    public void removeSink(String name) throws IOException, InterruptedException {
        send(name + "-sink", HttpRequest.newBuilder().DELETE());
    }

    public void remove(String name) throws IOException, InterruptedException {
        send(name + "-source", HttpRequest.newBuilder().DELETE());
        send(name + "-sink", HttpRequest.newBuilder().DELETE());
    }

    private String send(String path, HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(request.uri(url.resolve("/connectors/" + path)).build(), HttpResponse.BodyHandlers.ofString());
        boolean fine = answer.statusCode() < 300 || answer.statusCode() == 404 && path.endsWith("/status");
        if (!fine) throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        return answer.body();
    }

    @Override
    public void close() {
        connect.stop();
        connect.awaitStop();
    }
}
