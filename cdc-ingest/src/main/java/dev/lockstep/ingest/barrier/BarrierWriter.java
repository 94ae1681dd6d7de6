package dev.lockstep.ingest.barrier;

import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.table.ControlTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes barriers on the origin: every interval one transaction that sets the same timestamp in the row of each lane. Databases
 * log transactions in commit order, so each barrier cuts all lanes at one commit position. The timestamp only grows, whatever the
 * clock or a restart does. While the origin cannot be reached no barrier is written, and the lag grows: silence is never health.
 */
public final class BarrierWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BarrierWriter.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration TRIALS = Duration.ofSeconds(1);

    private final Endpoint origin;
    private final Direction direction;
    private final Clock clock;
    private final ScheduledExecutorService rhythm = Executors.newSingleThreadScheduledExecutor(runnable -> {
        Thread thread = new Thread(runnable, "barriers");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable Connection connection;
    private long last;
    private boolean paused;
    private boolean held;
    private boolean trial;
    private Instant nextTrial = Instant.MIN;
    private volatile @Nullable String trouble;

    private BarrierWriter(Endpoint origin, Direction direction, Clock clock) {
        this.origin = origin;
        this.direction = direction;
        this.clock = clock;
    }

    /** Makes the rows of a direction's lanes where they are not there yet, so that a snapshot begins with them. */
    public static void prepare(Endpoint origin, Direction direction, int lanes) throws SQLException {
        try (Connection connection = origin.connectWriter()) {
            ControlTables.createBarrier(connection, origin.dialect());
            for (int lane = 0; lane < lanes; lane++) {
                insertIfAbsent(connection, direction.row(false), lane);
                insertIfAbsent(connection, direction.row(true), lane);
            }
        }
    }

    private static void insertIfAbsent(Connection connection, String row, int lane) throws SQLException {
        try (var insert = connection.prepareStatement(
                "insert into lockstep.barrier (direction, lane, at_micros)"
                        + " select b.direction, b.lane, 0 from (select ? as direction, ? as lane) b"
                        + " where not exists (select 1 from lockstep.barrier x where x.direction = b.direction and x.lane = b.lane)")) {
            insert.setString(1, row);
            insert.setInt(2, lane);
            insert.executeUpdate();
        }
    }

    /** Starts the rhythm. {@link #prepare} has made the rows. */
    public static BarrierWriter start(Endpoint origin, Direction direction, Duration interval, Clock clock) {
        BarrierWriter writer = new BarrierWriter(origin, direction, clock);
        writer.rhythm.scheduleAtFixedRate(writer::tick, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
        return writer;
    }

    /** The same, but without a beat until it is released: a barrier that came before the copy's end would close nothing. */
    public static BarrierWriter held(Endpoint origin, Direction direction, Duration interval, Clock clock) {
        BarrierWriter writer = new BarrierWriter(origin, direction, clock);
        writer.held = true;
        writer.rhythm.scheduleAtFixedRate(writer::tick, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
        return writer;
    }

    /** Ends the waiting that {@link #held} began; {@link #writeLast} outlasts it. */
    public synchronized void release() {
        held = false;
    }

    private synchronized void tick() {
        if (paused || held || (trial && clock.instant().isBefore(nextTrial))) return;
        try {
            write();
            if (trial) nextTrial = clock.instant().plus(TRIALS);
            trouble = null;
        } catch (SQLException | RuntimeException e) {
            trouble = "no barrier can be written on the " + direction.origin().label() + ": " + e.getMessage();
            LOG.warn("barrier not written; trying again: direction={} error={}", direction, e.getMessage());
        }
    }

    /**
     * Writes one barrier now.
     *
     * @return its timestamp, microseconds since the epoch
     * @throws SQLException if the origin did not take it; whether it is there is then unknown, a later one settles it
     */
    public synchronized long write() throws SQLException {
        try {
            Connection open = connection();
            last = Math.max(last + 1, Micros.of(clock.instant()));
            try (var update = open.prepareStatement("update lockstep.barrier set at_micros = ? where direction = ?")) {
                update.setLong(1, last);
                update.setString(2, direction.row(trial));
                if (update.executeUpdate() == 0)
                    throw new IllegalStateException("lockstep.barrier on " + origin.url() + " has lost its rows for "
                            + direction.row(trial) + "; start the migration again to make them");
            }
            return last;
        } catch (SQLException e) {
            disconnect();
            throw e;
        }
    }

    /** Why the last one could not be written, if it could not. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** Ends the rhythm with one more barrier, so that no later one hides what is proven at it. */
    public synchronized long writeLast() throws SQLException {
        paused = true;
        return write();
    }

    /** From now on its barriers cut; so it begins, and so it goes on after {@link #writeLast}. Later than every barrier of either direction. */
    public synchronized void carry() {
        paused = false;
        if (trial) disconnect(); // the next session looks at what is there
        trial = false;
    }

    /** From now on its barriers are trials, one a second: the other direction carries. */
    public synchronized void rehearse() {
        paused = false;
        trial = true;
    }

    private Connection connection() throws SQLException {
        if (connection != null) return connection;
        Connection opened = origin.connectWriter();
        opened.setNetworkTimeout(rhythm, Math.toIntExact(PATIENCE.toMillis()));
        try (var query = opened.prepareStatement("select coalesce(max(at_micros), 0) from lockstep.barrier");
                var row = query.executeQuery()) {
            row.next();
            last = Math.max(last, row.getLong(1));
        }
        connection = opened;
        return opened;
    }

    private void disconnect() {
        if (connection == null) return;
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("closing a broken connection: {}", e.getMessage());
        }
        connection = null;
    }

    /** Stops the rhythm; barriers already written stay. */
    @Override
    public void close() {
        rhythm.shutdownNow();
        synchronized (this) {
            disconnect();
        }
    }
}
