package dev.lockstep.cutover.api;

import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.stream.lag.LagSample;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.staticfiles.Location;
import io.javalin.util.JavalinBindException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * The migration's HTTP face, on loopback alone:
 *
 * <ul>
 *   <li>{@code GET /} the dashboard
 *   <li>{@code GET /api/status} a {@link Status}
 *   <li>{@code GET /api/events} the same as server-sent events, one a second; each event's id is the server's time, milliseconds since the epoch
 *   <li>{@code GET /api/series} the last ten minutes, a {@link ChartPoint} a second; {@code ?after=} an instant: the later ones
 *   <li>{@code GET /metrics} for Prometheus
 *   <li>{@code POST /api/cutover} with {@code Authorization: Bearer <token>}: 202 asked for, 409 refused, with the reason as text;
 *       {@code ?override=} as often as needed and {@code reason=} let closed gates pass, {@code by=} says who asks
 *   <li>{@code POST /api/resume} likewise: go on after a pause
 *   <li>{@code POST /api/pause} likewise, with {@code ?by=}: give the target no more changes
 *   <li>{@code POST /api/rehearse} with the token and {@code ?runs=}: 200 with a {@link dev.lockstep.cutover.forecast.Forecast}, 409 with the reason as
 *       text
 *   <li>{@code GET /api/dead-letters} every {@link Status.Letter}
 *   <li>{@code POST /api/dead-letters/retry} and {@code .../discard} with the token, and {@code ?table=}, {@code key=}, {@code until=}, {@code by=}: 200 with a
 *       {@link Letters.Outcome}, 409 with the reason as text
 *   <li>{@code GET /api/report} the proof as it stands, as the report's JSON file has it
 *   <li>{@code GET /api/kafka} where the topics are, {@code host:port}
 *   <li>{@code GET /api/differences} every {@link Scanning.DifferingRow}
 *   <li>{@code GET /api/differences/values} with the token, {@code ?table=} and {@code key=}: the first of those rows with both sides' values
 *   <li>{@code POST /api/differences/repair} likewise, and {@code by=}: 200 with how many were written, 409 with the reason as text
 *   <li>{@code POST /api/scan} with the token, {@code ?table=} as often as needed, {@code since=} an instant: 200 with the tables to be scanned
 * </ul>
 *
 * Whoever is on this machine may look; only who has the token may act. Pages of other sites can do neither: see {@link Guard}.
 */
public final class ApiServer implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final int THREADS = 16;

    private final Supplier<Status> source;
    private final Supplier<List<LagSample>> series;
    private final Actions actions;
    private final Guard guard;
    private final Metrics metrics;
    private final EventStream events;
    private final Javalin server;

    private ApiServer(
            Supplier<Status> source, Supplier<List<LagSample>> series, Actions actions, String token, Clock clock) {
        this.source = source;
        this.series = series;
        this.actions = actions;
        guard = new Guard(token);
        metrics = new Metrics(source, clock);
        events = new EventStream(source, clock);
        server = Javalin.create(this::configure);
    }

    /**
     * @param port 0: a free one
     * @param source gives the newest status; called about once a second by each of the page's and the metrics' readers
     * @param series the chart's past, oldest first
     * @param actions what a caller with the token may ask for
     * @param token what a caller must show to act
     * @throws ConfigurationException if the port is taken
     */
    public static ApiServer start(
            int port, Supplier<Status> source, Supplier<List<LagSample>> series, Actions actions, String token) {
        return start(port, source, series, actions, token, Clock.systemUTC());
    }

    static ApiServer start(
            int port,
            Supplier<Status> source,
            Supplier<List<LagSample>> series,
            Actions actions,
            String token,
            Clock clock) {
        ApiServer api = new ApiServer(source, series, actions, token, clock);
        try {
            api.server.start(HOST, port);
            api.events.start();
            return api;
        } catch (JavalinBindException e) {
            api.close();
            throw new ConfigurationException(
                    "api.port: " + port + " is taken on this machine; set another, or 0 for a free one", e);
        }
    }

    private void configure(JavalinConfig config) {
        ScanRoutes scans = new ScanRoutes(actions.scanning(), guard);
        LetterRoutes letters = new LetterRoutes(actions.letters(), guard);
        config.startup.showJavalinBanner = false;
        config.startup.startupWatcherEnabled = false;
        config.jetty.threadPool = threads();
        config.staticFiles.add(files -> {
            files.directory = "/dashboard";
            files.location = Location.CLASSPATH;
            files.headers = Map.of("Cache-Control", "no-cache");
        });
        config.routes
                .before(guard::check)
                .get("/api/status", context -> json(context, source.get()))
                .get("/api/series", context -> json(context, seriesAfter(context.queryParam("after"))))
                .get("/uplot/{file}", new Webjar("uplot")::serve)
                .get("/metrics", metrics::scrape)
                .post(
                        "/api/cutover",
                        context -> act(context, () -> actions.cutover().apply(cutover(context))))
                .post("/api/resume", context -> act(context, actions.resume()))
                .post("/api/pause", context -> act(context, actions.pause()))
                .post("/api/rollback", context -> act(context, actions.rollback()))
                .post("/api/finish", context -> act(context, actions.finish()))
                .post("/api/rehearse", this::rehearse)
                .get("/api/dead-letters", letters::list)
                .post("/api/dead-letters/retry", letters::retry)
                .post("/api/dead-letters/discard", letters::discard)
                .get("/api/report", context -> json(context, actions.report().get()))
                .get("/api/kafka", context -> context.result(actions.kafka().get()))
                .get("/api/differences", scans::rows)
                .get("/api/differences/values", scans::values)
                .post("/api/differences/repair", scans::repair)
                .post("/api/scan", scans::ask)
                .sse("/api/events", events::add)
                .exception(HttpResponseException.class, ApiServer::refuse);
    }

    private static QueuedThreadPool threads() {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
        threads.setName("api");
        threads.setDaemon(true);
        return threads;
    }

    private void act(Context context, Function<String, Optional<String>> action) {
        act(context, () -> action.apply(asker(context)));
    }

    private void act(Context context, Supplier<Optional<String>> action) {
        guard.checkToken(context);
        Optional<String> refused = action.get();
        context.contentType("text/plain; charset=utf-8");
        context.status(refused.isPresent() ? 409 : 202).result(refused.orElse(""));
    }

    private static CutoverRequest cutover(Context context) {
        String reason = context.queryParam("reason");
        return new CutoverRequest(context.queryParams("override"), reason == null ? "" : reason, asker(context));
    }

    private void rehearse(Context context) {
        guard.checkToken(context);
        try {
            json(
                    context,
                    actions.rehearse()
                            .apply(context.queryParamAsClass("runs", Integer.class)
                                    .get()));
        } catch (IllegalStateException | IllegalArgumentException e) {
            context.contentType("text/plain; charset=utf-8").status(409).result(String.valueOf(e.getMessage()));
        }
    }

    static String asker(Context context) {
        String by = context.queryParam("by");
        return by == null || by.isBlank() ? "unknown" : by;
    }

    private List<ChartPoint> seriesAfter(@Nullable String after) {
        Instant from = after == null ? Instant.MIN : instant("after", after);
        return ChartPoint.of(series.get()).stream()
                .filter(point -> point.at().isAfter(from))
                .toList();
    }

    static Instant instant(String parameter, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new BadRequestResponse(parameter + ": an instant such as 2026-11-22T10:00:00Z, not '" + text + "'");
        }
    }

    static void json(Context context, Object value) {
        context.header("Cache-Control", "no-store")
                .contentType("application/json")
                .result(Json.write(value));
    }

    private static void refuse(HttpResponseException e, Context context) {
        context.status(e.getStatus()).contentType("text/plain; charset=utf-8").result(String.valueOf(e.getMessage()));
    }

    /** Where it listens, with a slash at the end. */
    public URI url() {
        return URI.create("http://" + HOST + ":" + server.port() + "/");
    }

    @Override
    public void close() {
        events.close();
        server.stop();
        metrics.close();
    }
}
