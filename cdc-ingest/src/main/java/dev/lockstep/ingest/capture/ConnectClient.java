package dev.lockstep.ingest.capture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Kafka Connect's REST interface, of the embedded worker or of the team's own cluster. */
final class ConnectClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Longer than Kafka lets a dead worker's transaction stand, which a new one may have to wait out. */
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** Until the workers have noted that it begins again; it may fail again with the same words. */
    private static final Duration RESTART = Duration.ofSeconds(10);

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
        expect(name, () -> request(name, "/config").PUT(BodyPublishers.ofString(body)));
    }

    /** Creates the connector, or changes its configuration, without letting it run. */
    void putStopped(String name, Map<String, String> config) throws IOException, InterruptedException {
        if (exists(name)) {
            put(name, config);
            expect(name, () -> request(name, "/stop").PUT(BodyPublishers.noBody()));
            return;
        }
        String body = json(Map.of("name", name, "config", config, "initial_state", "STOPPED"));
        expect(name, () -> request("/connectors").POST(BodyPublishers.ofString(body)));
    }

    /** Lets a stopped connector run; one that runs goes on. */
    void resume(String name) throws IOException, InterruptedException {
        expect(name, () -> request(name, "/resume").PUT(BodyPublishers.noBody()));
    }

    boolean exists(String name) throws IOException, InterruptedException {
        return expect(name, () -> request(name, "").GET(), true).statusCode() != 404;
    }

    /** Whether it has noted where it is in its database's log. */
    boolean hasOffsets(String name) throws IOException, InterruptedException {
        return !offsets(name).isEmpty();
    }

    /** What it has noted of where it is; empty if nothing. */
    Map<String, Object> offset(String name) throws IOException, InterruptedException {
        JsonNode offset = offsets(name).path(0).path("offset");
        return offset.isObject() ? JSON.convertValue(offset, new TypeReference<>() {}) : Map.of();
    }

    private JsonNode offsets(String name) throws IOException, InterruptedException {
        if (!exists(name)) return MissingNode.getInstance();
        HttpResponse<String> response =
                expect(name, () -> request(name, "/offsets").GET());
        return JSON.readTree(response.body()).path("offsets");
    }

    /** Sets where a stopped connector begins (KIP-875). */
    void setOffset(String name, Map<String, ?> partition, Map<String, ?> offset)
            throws IOException, InterruptedException {
        String body = json(Map.of("offsets", List.of(Map.of("partition", partition, "offset", offset))));
        expect(name, () -> request(name, "/offsets").method("PATCH", BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> expect(String name, Supplier<HttpRequest.Builder> request)
            throws IOException, InterruptedException {
        return expect(name, request, false);
    }

    /**
     * Sends until it is taken: a worker that rebalances, or has not stopped a connector yet, takes it later.
     *
     * @param maybeAbsent that there is no such connector is an answer, too
     */
    private HttpResponse<String> expect(String name, Supplier<HttpRequest.Builder> request, boolean maybeAbsent)
            throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (true) {
            HttpResponse<String> response = send(request.get());
            if (response.statusCode() < 300 || (maybeAbsent && response.statusCode() == 404)) return response;
            boolean stopping = response.statusCode() == 400 && response.body().contains("STOPPED");
            boolean busy = stopping || response.statusCode() == 409 || response.statusCode() >= 500;
            if (!busy || Instant.now().isAfter(deadline))
                throw new IOException("Kafka Connect refuses connector " + name + ": " + message(response));
            Thread.sleep(200);
        }
    }

    Optional<State> state(String name) throws IOException, InterruptedException {
        return status(name).map(ConnectClient::state);
    }

    private Optional<JsonNode> status(String name) throws IOException, InterruptedException {
        HttpResponse<String> response = send(request(name, "/status").GET());
        return response.statusCode() == 200 ? Optional.of(JSON.readTree(response.body())) : Optional.empty();
    }

    private static State state(JsonNode status) {
        JsonNode connector = status.path("connector");
        JsonNode task = status.path("tasks").path(0);
        JsonNode telling =
                task.isMissingNode() || connector.path("state").asText().equals("FAILED") ? connector : task;
        return new State(telling.path("state").asText(), telling.path("trace").asText(""));
    }

    /** Starts a connector that has failed, and its task, once more. */
    void restart(String name) throws IOException, InterruptedException {
        send(restarting(name));
    }

    /** Ends the connector's work; it stays so over restarts of the worker. */
    void halt(String name) throws IOException, InterruptedException {
        expect(name, () -> request(name, "/stop").PUT(BodyPublishers.noBody()));
    }

    /** {@link #halt}, and returns once no task of it can commit anything any more. A connector that is not there stands still. */
    void awaitHalt(String name) throws IOException, InterruptedException {
        if (!exists(name)) return;
        halt(name);
        Instant deadline = Instant.now().plus(PATIENCE);
        while (status(name).filter(ConnectClient::isHalted).isEmpty()) {
            if (Instant.now().isAfter(deadline)) throw new IOException("connector " + name + " does not stop");
            Thread.sleep(100);
        }
    }

    private static boolean isHalted(JsonNode status) {
        return status.path("connector").path("state").asText().equals("STOPPED")
                && status.path("tasks").isEmpty();
    }

    /** Undoes {@link #halt}. What is told of its state afterwards is no longer that of an earlier failure. */
    void goOn(String name) throws IOException, InterruptedException {
        resume(name);
        Optional<State> before = state(name).filter(state -> state.state().equals("FAILED"));
        if (before.isEmpty()) return;
        expect(name, () -> restarting(name));
        Instant deadline = Instant.now().plus(RESTART);
        while (state(name).equals(before) && Instant.now().isBefore(deadline)) Thread.sleep(100);
    }

    /** One that is not there is deleted. */
    void delete(String name) throws IOException, InterruptedException {
        expect(name, () -> request(name, "").DELETE(), true);
    }

    private HttpRequest.Builder restarting(String name) {
        return request(name, "/restart?includeTasks=true&onlyFailed=true").POST(BodyPublishers.noBody());
    }

    private HttpRequest.Builder request(String connector, String path) {
        return request("/connectors/" + connector + path);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(connect.resolve(path))
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
