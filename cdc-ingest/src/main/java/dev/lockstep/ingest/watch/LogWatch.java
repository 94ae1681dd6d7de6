package dev.lockstep.ingest.watch;

import dev.lockstep.schemas.migration.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a replication slot: what it makes the server keep, and whether it is still there. A slot that is dropped, or given up by the
 * server, has lost changes; the connector alone would try again for ever. While the server cannot be reached, what was seen last stands.
 */
public final class LogWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String SLOT = """
            select coalesce(wal_status, 'lost'), safe_wal_size,
                   coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint
            from pg_replication_slots where slot_name = ?
            """;

    private final String side;
    private final String slot;
    private final Endpoint database;
    private final ScheduledExecutorService rhythm = Executors.newSingleThreadScheduledExecutor(runnable -> {
        Thread thread = new Thread(runnable, "slot");
        thread.setDaemon(true);
        return thread;
    });
    private volatile @Nullable LogUse use;
    private @Nullable Connection connection;

    private LogWatch(String side, String slot, Endpoint database) {
        this.side = side;
        this.slot = slot;
        this.database = database;
    }

    /** Begins to look; a slot counts as missing only once it was seen. */
    public static LogWatch start(String side, String slot, Endpoint database) {
        LogWatch watch = new LogWatch(side, slot, database);
        watch.rhythm.scheduleWithFixedDelay(watch::look, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    /** As of the last look; empty before the slot was made. */
    public Optional<LogUse> use() {
        return Optional.ofNullable(use);
    }

    private synchronized void look() {
        try {
            if (connection == null) {
                connection = database.connect();
                connection.setNetworkTimeout(rhythm, Math.toIntExact(PATIENCE.toMillis()));
            }
            read(connection);
        } catch (SQLException | RuntimeException e) {
            LOG.debug("slot not read; trying again: slot={} error={}", slot, e.getMessage());
            disconnect();
        }
    }

    private void read(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement(SLOT)) {
            query.setString(1, slot);
            try (var row = query.executeQuery()) {
                if (row.next()) {
                    long safe = row.getLong(2);
                    boolean limited = !row.wasNull();
                    use = new LogUse(side, slot, row.getLong(3), limited ? safe : null, row.getString(1));
                } else if (use != null) {
                    use = new LogUse(side, slot, 0, null, "missing");
                }
            }
        }
    }

    private void disconnect() {
        try {
            if (connection != null) connection.close();
        } catch (SQLException e) {
            LOG.debug("closing a broken connection: {}", e.getMessage());
        }
        connection = null;
    }

    @Override
    public void close() {
        rhythm.shutdownNow();
        synchronized (this) {
            disconnect();
        }
    }
}
