package dev.lockstep.ingest.capture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Kafka Connect's REST interface, of the embedded worker or of the team's own cluster. */
final class ConnectClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Longer than Kafka lets a dead worker's transaction stand, which a new one may have to wait out. */
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI connect;

    ConnectClient(URI connect) {
        this.connect = connect;
    }

    /**
     * What a connector is doing.
     *
     * @param state RUNNING, FAILED, UNASSIGNED, ... of its task, or of itself while it has none
     * @param trace why it failed
     */
    record State(String state, String trace) {}

    /** Creates the connector or changes its configuration. Waits while the worker rebalances. */
    void put(String name, Map<String, String> config) throws IOException, InterruptedException {
        String body = json(config);
        Instant deadline = Instant.now().plus(PATIENCE);
        while (true) {
            HttpResponse<String> response = send(request(name, "/config").PUT(BodyPublishers.ofString(body)));
            if (response.statusCode() < 300) return;
            boolean busy = response.statusCode() == 409 || response.statusCode() >= 500;
            if (!busy || Instant.now().isAfter(deadline))
                throw new IOException("Kafka Connect refuses connector " + name + ": " + message(response));
            Thread.sleep(200);
        }
    }

    Optional<State> state(String name) throws IOException, InterruptedException {
        HttpResponse<String> response = send(request(name, "/status").GET());
        if (response.statusCode() != 200) return Optional.empty();
        JsonNode status = JSON.readTree(response.body());
        JsonNode connector = status.path("connector");
        JsonNode task = status.path("tasks").path(0);
        JsonNode telling =
                task.isMissingNode() || connector.path("state").asText().equals("FAILED") ? connector : task;
        return Optional.of(
                new State(telling.path("state").asText(), telling.path("trace").asText("")));
    }

    void delete(String name) throws IOException, InterruptedException {
        send(request(name, "").DELETE());
    }

    private HttpRequest.Builder request(String connector, String path) {
        return HttpRequest.newBuilder(connect.resolve("/connectors/" + connector + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static String message(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body()).path("message").asText(response.body());
        } catch (JsonProcessingException e) {
            return response.body();
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
