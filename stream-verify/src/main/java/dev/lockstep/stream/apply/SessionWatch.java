package dev.lockstep.stream.apply;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees an applier that waits for a session which is no more. A server that has lost its power ends no connection, and TCP waits for a quarter of
 * an hour or longer. No bound on an answer would do: a statement may take long, and wait for a lock. So where one takes long, the server is asked
 * over another connection. A session that it knows is waited for, however long; one that it does not know is over, and every session of a server
 * that does not answer at all for a while is taken to be: the line is cut, and the writer connects anew.
 */
final class SessionWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SessionWatch.class);

    /**
     * @param slow what takes no longer is not asked about
     * @param every between two questions
     * @param away after so long without any answer the server is taken to be gone
     * @param answer what it has for each answer, and for connecting
     */
    record Bounds(Duration slow, Duration every, Duration away, Duration answer) {
        static final Bounds USUAL = new Bounds(
                Duration.ofSeconds(15), Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(10));
    }

    enum Answer {
        KNOWN,
        UNKNOWN,
        /** It answers, and does not tell: it is starting, has too many connections, … */
        REFUSED,
        NONE
    }

    interface Server {
        Answer ask(String session);
    }

    private final Bounds bounds;
    private final Server server;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(SessionWatch::thread);

    private volatile @Nullable Line line;
    private volatile @Nullable Long begun;
    private volatile @Nullable Long silentSince;

    SessionWatch(Bounds bounds, Server server, LongSupplier nanoTime) {
        this.bounds = bounds;
        this.server = server;
        this.nanoTime = nanoTime;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "apply-watch");
        thread.setDaemon(true); // a question may be under way still
        return thread;
    }

    void start() {
        long every = bounds.every().toNanos();
        looking.scheduleWithFixedDelay(this::lookSafely, every, every, TimeUnit.NANOSECONDS);
    }

    Duration answer() {
        return bounds.answer();
    }

    /** From here on this line is what the writer waits for; null: none. */
    void waitsFor(@Nullable Line newLine) {
        line = newLine;
    }

    /** The writer begins something. */
    void begin() {
        begun = nanoTime.getAsLong();
    }

    /** It is done, or has failed. */
    void end() {
        begun = null;
        silentSince = null;
    }

    /** What it has found out. */
    Optional<String> trouble() {
        Long since = silentSince;
        return since == null
                ? Optional.empty()
                : Optional.of("its server cannot be reached, and an answer of it is awaited, for "
                        + (nanoTime.getAsLong() - since) / 1_000_000_000 + " s");
    }

    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.warn("cannot ask for the session: {}", e.getMessage());
        }
    }

    void look() {
        Line awaited = line;
        Long since = begun;
        long asked = nanoTime.getAsLong();
        if (awaited == null || since == null || asked - since < bounds.slow().toNanos()) return;
        Answer answer = server.ask(awaited.session());
        if (line != awaited || !since.equals(begun)) return; // it has come meanwhile
        Long silent = silentSince;
        long from = silent == null ? asked : silent;
        silentSince = answer == Answer.NONE ? from : null;
        if (!isLost(answer, Duration.ofNanos(nanoTime.getAsLong() - from))) return;
        LOG.atWarn().addKeyValue("session", awaited.session()).log("the session is lost, and its line is cut");
        awaited.cut();
    }

    private boolean isLost(Answer answer, Duration silent) {
        return switch (answer) {
            case KNOWN, REFUSED -> false;
            case UNKNOWN -> true;
            case NONE -> silent.compareTo(bounds.away()) >= 0;
        };
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
