package dev.lockstep.ingest.watch;

import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares both catalogs, every few seconds, with what the migration agreed on. It sees what no log shows: on PostgreSQL a table that
 * is new, renamed or dropped, on every engine a change of a table that nobody writes to. While a database cannot be reached, what was
 * seen last stands.
 */
public final class CatalogWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CatalogWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Migration migration;
    private final List<TableMapping> tables;
    private final SeenTables agreed;
    private final ScheduledExecutorService rhythm = Executors.newSingleThreadScheduledExecutor(runnable -> {
        Thread thread = new Thread(runnable, "catalogs");
        thread.setDaemon(true);
        return thread;
    });
    private volatile @Nullable String change;
    private @Nullable Connection source;
    private @Nullable Connection target;

    private CatalogWatch(Migration migration, List<TableMapping> tables, SeenTables agreed) {
        this.migration = migration;
        this.tables = tables;
        this.agreed = agreed;
    }

    public static CatalogWatch start(Migration migration, List<TableMapping> tables, SeenTables agreed) {
        CatalogWatch watch = new CatalogWatch(migration, tables, agreed);
        watch.rhythm.scheduleWithFixedDelay(
                watch::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    /** What differs from what was agreed on, as of the last look. */
    public Optional<String> change() {
        return Optional.ofNullable(change);
    }

    /** Looks now, also between two turns. */
    public synchronized void look() {
        try {
            if (source == null) source = open(migration.source().connect());
            if (target == null) target = open(migration.target().connect());
            change = agreed.changeTo(SeenTables.read(migration, tables, source, target))
                    .orElse(null);
        } catch (SQLException | RuntimeException e) {
            LOG.debug("catalogs not read; trying again: error={}", e.getMessage());
            disconnect();
        }
    }

    private Connection open(Connection connection) throws SQLException {
        connection.setNetworkTimeout(rhythm, Math.toIntExact(PATIENCE.toMillis()));
        return connection;
    }

    private void disconnect() {
        for (Connection connection : new Connection[] {source, target})
            try {
                if (connection != null) connection.close();
            } catch (SQLException e) {
                LOG.debug("closing a broken connection: {}", e.getMessage());
            }
        source = null;
        target = null;
    }

    @Override
    public void close() {
        rhythm.shutdownNow();
        synchronized (this) {
            disconnect();
        }
    }
}
