package dev.lockstep.ingest.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Migration.KafkaRules;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * What the team's own Kafka and Connect say of themselves.
 *
 * @param broker settings of one broker
 * @param topics the migration's own that are there already
 * @param connect null where no cluster of the team's own is named
 */
record KafkaFacts(
        String clusterId,
        int brokers,
        Map<String, String> broker,
        Map<String, Topic> topics,
        @Nullable Connect connect) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    record Topic(String id, int partitions, Map<String, String> settings) {}

    /**
     * @param plugins classes that its workers know
     * @param exactlyOnce what it says against exactly-once support; empty: nothing
     */
    record Connect(String clusterId, Set<String> plugins, List<String> exactlyOnce) {}

    /** @throws IOException with what was asked for and what came */
    static KafkaFacts gather(KafkaRules rules, String bootstrap, Topics topics, String connector)
            throws IOException, InterruptedException {
        String settings = Long.toString(PATIENCE.toMillis());
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers", bootstrap, "request.timeout.ms", settings, "default.api.timeout.ms", settings))) {
            String clusterId = get(admin.describeCluster().clusterId());
            List<Node> nodes = List.copyOf(get(admin.describeCluster().nodes()));
            ConfigResource broker = new ConfigResource(
                    ConfigResource.Type.BROKER, Integer.toString(nodes.get(0).id()));
            return new KafkaFacts(
                    clusterId,
                    nodes.size(),
                    settings(admin, Set.of(broker)).getOrDefault(broker.name(), Map.of()),
                    topics(admin, topics),
                    rules.connect() == null ? null : connect(URI.create(rules.connect()), connector));
        }
    }

    private static <T> T get(org.apache.kafka.common.KafkaFuture<T> answer) throws IOException, InterruptedException {
        try {
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException("Kafka says: " + e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException("Kafka does not answer within " + PATIENCE.toSeconds() + " s", e);
        }
    }

    private static Map<String, Topic> topics(Admin admin, Topics topics) throws IOException, InterruptedException {
        String prefix = "lockstep." + topics.migration() + ".";
        Set<String> ours = get(admin.listTopics().names()).stream()
                .filter(name -> name.startsWith(prefix))
                .collect(Collectors.toSet());
        Map<String, Map<String, String>> settings = settings(
                admin,
                ours.stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .collect(Collectors.toSet()));
        Map<String, Topic> found = new HashMap<>();
        for (TopicDescription topic :
                get(admin.describeTopics(ours).allTopicNames()).values())
            found.put(
                    topic.name(),
                    new Topic(
                            topic.topicId().toString(),
                            topic.partitions().size(),
                            settings.getOrDefault(topic.name(), Map.of())));
        return found;
    }

    private static Map<String, Map<String, String>> settings(Admin admin, Set<ConfigResource> of)
            throws IOException, InterruptedException {
        Map<String, Map<String, String>> settings = new HashMap<>();
        for (Map.Entry<ConfigResource, Config> each :
                get(admin.describeConfigs(of).all()).entrySet()) {
            Map<String, String> values = new HashMap<>();
            each.getValue().entries().forEach(entry -> {
                if (entry.value() != null) values.put(entry.name(), entry.value());
            });
            settings.put(each.getKey().name(), values);
        }
        return settings;
    }

    private static Connect connect(URI url, String connector) throws IOException, InterruptedException {
        Set<String> plugins = new HashSet<>();
        send(HttpRequest.newBuilder(url.resolve("/connector-plugins?connectorsOnly=false")))
                .forEach(plugin -> plugins.add(plugin.path("class").asText()));
        JsonNode validated = plugins.contains(connector)
                ? send(HttpRequest.newBuilder(url.resolve("/connector-plugins/" + connector + "/config/validate"))
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(JSON.writeValueAsString(Map.of(
                                "connector.class",
                                connector,
                                "name",
                                "lockstep-check",
                                "exactly.once.support",
                                "required")))))
                : JSON.createObjectNode();
        List<String> errors = new java.util.ArrayList<>();
        for (JsonNode setting : validated.path("configs"))
            if (setting.at("/value/name").asText().equals("exactly.once.support"))
                setting.at("/value/errors").forEach(error -> errors.add(error.asText()));
        String clusterId = send(HttpRequest.newBuilder(url.resolve("/")))
                .path("kafka_cluster_id")
                .asText();
        return new Connect(clusterId, plugins, errors);
    }

    private static JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpRequest built = request.timeout(PATIENCE).build();
        try {
            var response = HttpClient.newHttpClient().send(built, BodyHandlers.ofString());
            if (response.statusCode() >= 300)
                throw new IOException(built.uri() + " answers " + response.statusCode() + ": " + response.body());
            return JSON.readTree(response.body());
        } catch (java.net.ConnectException | java.net.http.HttpTimeoutException e) {
            throw new IOException("Kafka Connect at " + built.uri() + " cannot be reached", e);
        }
    }
}
