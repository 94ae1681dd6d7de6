package dev.lockstep.cutover.api;

import io.javalin.http.ServiceUnavailableResponse;
import io.javalin.http.sse.SseClient;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the status to every open page once a second. A page that does not keep up misses some and holds nobody up. */
final class EventStream implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final int CLIENTS = 32;

    private final Supplier<Status> source;
    private final Clock clock;
    private final Map<SseClient, AtomicBoolean> clients = new ConcurrentHashMap<>();
    private final ScheduledExecutorService ticker =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "api-events"));
    private final ExecutorService senders = Executors.newCachedThreadPool(task -> daemon(task, "api-events-sender"));

    EventStream(Supplier<Status> source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    void start() {
        ticker.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    void add(SseClient client) {
        if (clients.size() >= CLIENTS) throw new ServiceUnavailableResponse("too many pages are open");
        client.keepAlive();
        client.onClose(() -> clients.remove(client));
        AtomicBoolean sending = new AtomicBoolean(true);
        clients.put(client, sending);
        send(client, sending, event());
    }

    private void tick() {
        if (clients.isEmpty()) return;
        try {
            String event = event();
            clients.forEach((client, sending) -> {
                if (sending.compareAndSet(false, true)) senders.execute(() -> send(client, sending, event));
            });
        } catch (RuntimeException e) {
            // An exception would end the schedule. The page shows that its figures grow old.
            LOG.warn("no status to send: {}", e.toString());
        }
    }

    private String event() {
        return Json.write(source.get());
    }

    private void send(SseClient client, AtomicBoolean sending, String event) {
        client.sendEvent("status", event, Long.toString(clock.millis()));
        sending.set(false);
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        clients.keySet().forEach(SseClient::close);
        senders.shutdownNow();
    }
}
