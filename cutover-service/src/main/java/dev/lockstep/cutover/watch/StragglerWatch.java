package dev.lockstep.cutover.watch;

import dev.lockstep.schemas.migration.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the fenced source's clients every few seconds, while it is on. Changes nothing there. Thread-safe. */
public final class StragglerWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StragglerWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final int ANSWER_MILLIS = 10_000;

    private final Endpoint source;
    private final Clients clients;
    private final Clock clock;
    private final Rhythm rhythm;
    private StragglerBook book = new StragglerBook();
    private @Nullable Connection connection;
    private volatile @Nullable Stragglers seen;

    private StragglerWatch(Endpoint source, Clock clock) {
        this.source = source;
        this.clients = Clients.of(source);
        this.clock = clock;
        rhythm = new Rhythm("stragglers", EVERY, this::look);
    }

    /** Looks at nothing before {@link #watch}. */
    public static StragglerWatch start(Endpoint source, Clock clock) {
        return new StragglerWatch(source, clock);
    }

    /** Goes on looking, or rests; whoever comes to the source then is no straggler. */
    public void watch(boolean on) {
        rhythm.on(on);
        if (!on && seen != null) forget();
    }

    private synchronized void forget() {
        book = new StragglerBook();
        seen = null;
        disconnect();
    }

    private synchronized void look() {
        try {
            seen = book.add(clients.look(connection()), clock.instant());
        } catch (SQLException e) {
            disconnect();
            LOG.warn("the source's clients cannot be seen; trying again: error={}", e.getMessage());
            Stragglers before = seen == null ? new Stragglers(clock.instant(), 0, List.of(), "") : seen;
            seen = before.withTrouble("the source's clients cannot be seen: " + e.getMessage());
        }
    }

    private Connection connection() throws SQLException {
        if (connection == null) {
            Connection opened = source.connect();
            opened.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
            connection = opened;
        }
        return connection;
    }

    private void disconnect() {
        Connection broken = connection;
        connection = null;
        if (broken == null) return;
        try {
            broken.close();
        } catch (SQLException e) {
            LOG.debug("closing a broken connection: {}", e.getMessage());
        }
    }

    /** What has been seen so far; empty: nothing has been looked at yet. */
    public Optional<Stragglers> seen() {
        return Optional.ofNullable(seen);
    }

    @Override
    public void close() {
        rhythm.close();
        synchronized (this) {
            disconnect();
        }
    }
}
