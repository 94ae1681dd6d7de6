package dev.lockstep.cutover.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.stream.lag.LagSample;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiServerTest {

    private static final Instant NOW = MadeUpStatus.START.plusSeconds(200);
    private static final String TOKEN = "a-token-made-up-for-tests";

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger cutovers = new AtomicInteger();
    private volatile CutoverRequest requested = new CutoverRequest(List.of(), "", "");
    private final List<Letters.Choice> asked = new ArrayList<>();
    private Optional<String> refusal = Optional.empty();
    private ApiServer api;

    @BeforeEach
    void start() {
        List<LagSample> series = List.of(new LagSample(
                NOW, Optional.of(Duration.ofMillis(40)), Optional.of(Duration.ofMillis(120)), Optional.empty(), 7, 6));
        api = ApiServer.start(
                0,
                () -> MadeUpStatus.following(NOW.minusMillis(250), 120),
                () -> series,
                new Actions(
                        request -> {
                            cutovers.incrementAndGet();
                            requested = request;
                            return refusal;
                        },
                        by -> Optional.of("no way back for " + by),
                        by -> Optional.of("no end for " + by),
                        () -> Optional.of("not paused"),
                        by -> Optional.of("not for " + by),
                        letters(),
                        MadeUpStatus.noScans(),
                        drills -> {
                            throw new IllegalStateException("not " + drills + " times");
                        },
                        () -> new Status.Database("mariadb", "11.4"),
                        () -> "127.0.0.1:9092"),
                TOKEN,
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void givesTheStatusWithStableNames() throws Exception {
        // when
        HttpResponse<String> response = get("api/status");
        JsonNode status = new ObjectMapper().readTree(response.body());

        // then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(status.at("/phase").asText()).isEqualTo("FOLLOWING");
        assertThat(status.at("/at").asText()).isEqualTo("2026-11-22T10:03:19.750Z");
        assertThat(status.at("/lag/applied/nowMillis").asLong()).isEqualTo(120);
        assertThat(status.at("/proof/tables/0/digestSource").asText()).hasSize(32);
        assertThat(status.at("/mismatches/0/key").asText()).isEqualTo("(4711)");
        assertThat(status.at("/gates/1/state").asText()).isEqualTo("UNKNOWN");
    }

    @Test
    void writesWhatIsNotKnownAsNullRatherThanLeavingItOut() throws Exception {
        // when
        JsonNode status = new ObjectMapper().readTree(get("api/status").body());

        // then
        assertThat(status.at("/lag/proven").has("nowMillis")).isTrue();
        assertThat(status.at("/lag/proven/nowMillis").isNull()).isTrue();
        assertThat(status.has("cutover")).isTrue();
        assertThat(status.get("cutover").isNull()).isTrue();
    }

    @Test
    void readsBackWhatItWrites() {
        Status status = MadeUpStatus.following(NOW, 120);

        assertThat(Json.read(Json.write(status), Status.class)).isEqualTo(status);
    }

    @Test
    void givesTheChartsPast() throws Exception {
        JsonNode series = new ObjectMapper().readTree(get("api/series").body());

        assertThat(series).hasSize(1);
        assertThat(series.at("/0/appliedMillis").asLong()).isEqualTo(120);
        assertThat(series.at("/0/provenMillis").isNull()).isTrue();
        assertThat(series.at("/0/appliedRows").asLong()).isEqualTo(6);
        assertThat(get("api/series?after=" + NOW.minusSeconds(1)).body())
                .isEqualTo(get("api/series").body());
        assertThat(get("api/series?after=" + NOW).body()).isEqualTo("[]");
        assertThat(get("api/series?after=yesterday").statusCode()).isEqualTo(400);
    }

    @Test
    void sendsTheStatusAsEventsWithTheServersTime() throws Exception {
        // when
        List<String> lines = new ArrayList<>();
        var request = HttpRequest.newBuilder(api.url().resolve("api/events"))
                .header("Accept", "text/event-stream")
                .build();
        try (Stream<String> body = client.send(request, BodyHandlers.ofLines()).body()) {
            var reader = body.iterator();
            while (lines.stream().filter(line -> line.startsWith("data:")).count() < 2) lines.add(reader.next());
        }

        // then there was one at once, and another within the next second
        assertThat(lines).contains("event: status", "id: " + NOW.toEpochMilli());
        assertThat(lines)
                .filteredOn(line -> line.startsWith("data:"))
                .allSatisfy(line -> assertThat(line).contains("\"phase\":\"FOLLOWING\""));
    }

    @Test
    void asksForTheCutoverWithTheToken() throws Exception {
        assertThat(cutOver("Bearer " + TOKEN).statusCode()).isEqualTo(202);
        assertThat(cutovers).hasValue(1);
    }

    @Test
    void asksForACutoverThatLetsClosedGatesPass() throws Exception {
        String query = "?override=window&override=scanAge&reason=agreed+with+the+shop&by=joe%40ops";

        assertThat(post("api/cutover" + query, "Bearer " + TOKEN).statusCode()).isEqualTo(202);

        assertThat(requested)
                .isEqualTo(new CutoverRequest(List.of("window", "scanAge"), "agreed with the shop", "joe@ops"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer ", "Bearer wrong", "Basic " + TOKEN, TOKEN, "Bearer " + TOKEN + "x"})
    void asksForNothingWithoutTheToken(String authorization) throws Exception {
        // when
        HttpResponse<String> response = cutOver(authorization);

        // then
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(cutovers).hasValue(0);
    }

    @Test
    void saysWhyTheCutoverIsRefused() throws Exception {
        // given
        refusal = Optional.of("gates are not open: [mismatches: 1 mismatched row]");

        // when
        HttpResponse<String> response = cutOver("Bearer " + TOKEN);

        // then
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.body()).isEqualTo("gates are not open: [mismatches: 1 mismatched row]");
    }

    @Test
    void doesNotCutOverForAGet() throws Exception {
        assertThat(get("api/cutover").statusCode()).isIn(404, 405);
        assertThat(cutovers).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 200",
        "127.0.0.1:1234, 200",
        "localhost:1234, 200",
        "LOCALHOST, 200",
        "[::1]:1234, 200",
        "rebound.example, 403",
        "rebound.example:1234, 403",
        "127.0.0.1.rebound.example, 403",
        "localhost.rebound.example, 403"
    })
    void answersToNamesOfThisMachineAlone(String host, int expected) throws Exception {
        for (String path : List.of("/api/status", "/", "/metrics", "/uplot/uPlot.min.css"))
            assertThat(raw("GET " + path, host, "")).as(path).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:1234, 202",
        "http://localhost:9999, 403",
        "http://elsewhere.example, 403",
        "https://localhost:1234, 403",
        "null, 403"
    })
    void takesNothingFromPagesOfOtherSites(String origin, int expected) throws Exception {
        String headers = "Origin: " + origin + "\r\nAuthorization: Bearer " + TOKEN + "\r\nContent-Length: 0\r\n";

        assertThat(raw("POST /api/cutover", "localhost:1234", headers)).isEqualTo(expected);
    }

    @Test
    void measuresForPrometheus() throws Exception {
        // when
        String metrics = get("metrics").body();

        // then
        assertThat(metrics.lines())
                .contains(
                        "lockstep_lag_seconds{stage=\"applied\"} 0.12",
                        "lockstep_lag_seconds{stage=\"proven\"} NaN",
                        "lockstep_lag_p99_seconds{stage=\"applied\"} 0.24",
                        "lockstep_rows_total{stage=\"applied\"} 18420.0",
                        "lockstep_rows_per_second 604.0",
                        "lockstep_mismatches_open 1.0",
                        "lockstep_dead_letters 1.0",
                        "lockstep_phase{phase=\"FOLLOWING\"} 1.0",
                        "lockstep_phase{phase=\"OPEN\"} 0.0",
                        "lockstep_gates_closed 2.0",
                        "lockstep_proof_age_seconds 0.89",
                        "lockstep_status_age_seconds 0.25");
    }

    @Test
    void servesThePageWithAllThatItNeeds() throws Exception {
        HttpResponse<String> page = get("");

        assertThat(page.body()).contains("<title>").doesNotContain("http://", "https://", "//cdn");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'self'");
        for (String path : List.of("dashboard.js", "dashboard.css", "uplot/uPlot.esm.js", "uplot/uPlot.min.css"))
            assertThat(get(path).statusCode()).as(path).isEqualTo(200);
        assertThat(get("uplot/uPlot.esm.js")
                        .headers()
                        .firstValue("Content-Type")
                        .orElse(""))
                .contains("javascript");
    }

    @Test
    void showsAndSettlesDeadLetters() throws Exception {
        assertThat(new ObjectMapper()
                        .readTree(get("api/dead-letters").body())
                        .at("/0/key")
                        .asText())
                .isEqualTo("(4711)");
        String query = "?table=shop.orders&key=%284711%29&by=me&until=" + NOW;
        assertThat(post("api/dead-letters/retry" + query, "").statusCode()).isEqualTo(401);
        assertThat(asked).isEmpty();

        var retried = post("api/dead-letters/retry" + query, "Bearer " + TOKEN);
        var discarded = post("api/dead-letters/discard", "Bearer " + TOKEN);

        assertThat(retried.statusCode()).isEqualTo(200);
        assertThat(retried.body()).isEqualTo("{\"settled\":1,\"refused\":[\"still\"]}");
        assertThat(discarded.statusCode()).isEqualTo(409);
        assertThat(discarded.body()).isEqualTo("the applier has stopped");
        assertThat(asked)
                .containsExactly(
                        new Letters.Choice("shop.orders", "(4711)", NOW, "me"),
                        new Letters.Choice(null, null, null, "unknown"));
    }

    @Test
    void movesBackAndEndsForWhoHasTheToken() throws Exception {
        for (String action : List.of("rollback", "finish"))
            assertThat(post("api/" + action + "?by=me", "").statusCode()).isEqualTo(401);
        assertThat(post("api/rollback?by=me", "Bearer " + TOKEN).body()).isEqualTo("no way back for me");
        assertThat(post("api/finish?by=me", "Bearer " + TOKEN).body()).isEqualTo("no end for me");
    }

    @Test
    void pausesForWhoHasTheToken() throws Exception {
        assertThat(post("api/pause?by=me", "").statusCode()).isEqualTo(401);
        assertThat(post("api/pause?by=me", "Bearer " + TOKEN).body()).isEqualTo("not for me");
    }

    @Test
    void rehearsesForWhoHasTheTokenAndSaysHowOften() throws Exception {
        assertThat(post("api/rehearse?runs=3", "").statusCode()).isEqualTo(401);
        assertThat(post("api/rehearse?runs=3", "Bearer " + TOKEN).statusCode()).isEqualTo(409);
        assertThat(post("api/rehearse?runs=3", "Bearer " + TOKEN).body()).isEqualTo("not 3 times");
        for (String wrong : List.of("", "?runs=", "?runs=many"))
            assertThat(post("api/rehearse" + wrong, "Bearer " + TOKEN).statusCode())
                    .as(wrong)
                    .isEqualTo(400);
    }

    private Letters letters() {
        return new Letters() {
            @Override
            public Optional<List<Status.Letter>> open() {
                return Optional.ofNullable(MadeUpStatus.following(NOW, 1).deadLetters())
                        .map(Status.DeadLetters::rows);
            }

            @Override
            public Outcome retry(Choice choice) {
                asked.add(choice);
                return new Outcome(1, List.of("still"));
            }

            @Override
            public Outcome discard(Choice choice) {
                asked.add(choice);
                throw new IllegalStateException("the applier has stopped");
            }
        };
    }

    @Test
    void namesThePortThatIsTaken() {
        int port = api.url().getPort();

        assertThatThrownBy(() -> ApiServer.start(
                        port, () -> MadeUpStatus.following(NOW, 1), List::of, MadeUpStatus.noActions(), TOKEN))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("api.port: " + port);
    }

    @Test
    void wantsAToken() {
        assertThatThrownBy(() -> ApiServer.start(
                        0, () -> MadeUpStatus.following(NOW, 1), List::of, MadeUpStatus.noActions(), " "))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(api.url().resolve(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> cutOver(String authorization) throws IOException, InterruptedException {
        return post("api/cutover", authorization);
    }

    private HttpResponse<String> post(String path, String authorization) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(api.url().resolve(path)).POST(HttpRequest.BodyPublishers.noBody());
        if (!authorization.isEmpty()) request.header("Authorization", authorization);
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** With a Host header of one's own, which Java's client does not let one set. */
    private int raw(String request, String host, String headers) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", api.url().getPort())) {
            socket.getOutputStream()
                    .write((request + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers + "Connection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return Integer.parseInt(line.split(" ", 3)[1]);
        }
    }
}
