package dev.lockstep.cutover.cli;

import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Migration;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The API of the process that runs a migration on this machine. */
final class ApiClient {

    /** Some of what is asked for looks at both databases first. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final StateDirectory.Api api;

    private ApiClient(StateDirectory.Api api) {
        this.api = api;
    }

    /**
     * @throws ConfigurationException if no process runs the migration here
     */
    static ApiClient of(Migration migration) {
        return new ApiClient(StateDirectory.api(migration.state())
                .orElseThrow(() -> new ConfigurationException("migration " + migration.name()
                        + " does not run here (nothing in " + migration.state() + "); start it with `lockstep run`")));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(api.url().resolve(path)).GET());
    }

    /**
     * Asks for something to be done.
     *
     * @return the answer's body
     * @throws ConfigurationException if it is refused, with the reason
     */
    String post(String path) throws IOException, InterruptedException {
        return granted(send(HttpRequest.newBuilder(api.url().resolve(path)).POST(HttpRequest.BodyPublishers.noBody())));
    }

    /** The body of an answer that is no refusal; likewise. */
    static String granted(HttpResponse<String> response) {
        if (response.statusCode() >= 300) throw new ConfigurationException("refused: " + response.body());
        return response.body();
    }

    /** A value in a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        request.header("Authorization", "Bearer " + api.token()).timeout(PATIENCE);
        try {
            return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
        } catch (java.net.ConnectException e) {
            throw new ConfigurationException(
                    "the process that ran the migration is gone (" + api.url()
                            + "); start it again with `lockstep run`",
                    e);
        } catch (HttpTimeoutException e) {
            throw new ConfigurationException(
                    "the process that runs the migration has not answered within " + PATIENCE.toSeconds() + " s ("
                            + api.url() + "); what was asked for may still be done: `lockstep status` shows it",
                    e);
        }
    }
}
