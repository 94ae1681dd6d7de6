package dev.lockstep.ingest.capture;

import dev.lockstep.ingest.canonical.Positions;
import dev.lockstep.ingest.snapshot.CopyConfig;
import dev.lockstep.ingest.snapshot.CopyProgress;
import dev.lockstep.ingest.snapshot.InitialCopy;
import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.CopyPlan;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableId;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane of one database's changes on their way into Kafka: the tables are copied once, then a Debezium connector follows the log
 * from the very place that the copy stands for. Starting it again carries on where it was; every change is in the topic exactly once.
 * Tables of a later round are copied while the connector stands still; then it goes on, and of them leaves out what the copy holds.
 */
public final class Capture implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Capture.class);
    private static final long ENDING_SECONDS = 40;

    private final CaptureConfig config;
    private final ConnectClient connect;
    private final InitialCopy copy;
    private final Runnable following;
    private final ExecutorService thread;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean follows;
    private boolean halted;
    private volatile boolean closed;

    private Capture(CaptureConfig config, Runnable following) {
        this.config = config;
        this.following = following;
        connect = new ConnectClient(config.connect());
        copy = new InitialCopy(new CopyConfig(
                config.bootstrap(),
                config.topics(),
                config.side(),
                config.lane(),
                config.database(),
                ConnectorSettings.withBarrier(config)
                        .filter(table -> table == Barrier.MAPPING || table.round() == config.round())
                        .toList(),
                PostgresLog.name(config),
                config.copy(),
                config.round()));
        thread = Executors.newSingleThreadExecutor(work -> {
            Thread capture = new Thread(work, "capture-" + config.side().label() + "-" + config.lane());
            capture.setDaemon(true);
            return capture;
        });
    }

    /** Begins and returns at once; it goes on by itself from then on. */
    public static Capture start(CaptureConfig config) {
        return start(config, () -> {});
    }

    /**
     * The same.
     *
     * @param following is run once the copy is in Kafka and the log is followed
     */
    public static Capture start(CaptureConfig config, Runnable following) {
        Capture capture = new Capture(config, following);
        capture.thread.execute(capture::run);
        return capture;
    }

    private void run() {
        try {
            publish();
            CopyPlan plan = copy.run(this::standStill);
            if (!follow(plan)) return;
            follows = true;
            following.run();
            LOG.info(
                    "capture follows: connector={} database={}",
                    config.name(),
                    config.database().url());
        } catch (InterruptedException e) {
            LOG.debug("stopped: connector={}", config.name());
        } catch (Throwable e) {
            if (closed) return;
            failure.set(e);
            LOG.error("capture has stopped: connector={}", config.name(), e);
        }
    }

    /**
     * Before a later round: the log is not followed while tables are copied anew. Files of a binlog have other numbers on another server,
     * so the copy's place goes with how many failovers there were.
     */
    private Map<String, String> standStill() throws IOException, InterruptedException {
        if (config.round() == 0) return Map.of();
        connect.awaitHalt(config.name());
        String count = String.valueOf(connect.offset(config.name()).getOrDefault(Positions.FAILOVERS, 0));
        return Map.of(Positions.FAILOVERS, count);
    }

    private boolean isPostgres() {
        return config.database().dialect().engine().equals("postgresql");
    }

    private void publish() throws SQLException {
        if (!isPostgres()) return;
        try (Connection connection = config.database().connectWriter()) {
            PostgresLog.publish(connection, config);
        }
    }

    /**
     * PostgreSQL's connector begins where its slot stands, which is the copy's place. Another's place is its offset.
     *
     * @return whether it runs: not if it was to stand still meanwhile
     */
    private boolean follow(CopyPlan plan) throws SQLException, IOException, InterruptedException {
        Map<String, String> settings = ConnectorSettings.of(config.since(copied()), wholeBefore(), plan.barriers());
        boolean first = !isPostgres() && !connect.hasOffsets(config.name());
        if (first) {
            TopicSetup.createForever(config.bootstrap(), SchemaHistory.topic(config));
            connect.putStopped(config.name(), settings);
            connect.setOffset(config.name(), Map.of("server", config.name()), offset(plan(0).position()));
        }
        return first ? goOn() : goOn(settings);
    }

    private synchronized boolean goOn(Map<String, String> settings) throws IOException, InterruptedException {
        if (halted) connect.putStopped(config.name(), settings);
        else connect.put(config.name(), settings);
        return goOn();
    }

    private synchronized boolean goOn() throws IOException, InterruptedException {
        if (!halted) connect.goOn(config.name());
        return !halted;
    }

    /** Where the copies of the tables stand that were copied anew, by the name of this side. */
    private Map<String, Position> copied() {
        Map<Integer, Position> places = new HashMap<>();
        return config.tables().stream()
                .filter(table -> table.round() > 0)
                .collect(Collectors.toMap(
                        table -> config.idOf(table).toString(),
                        table -> places.computeIfAbsent(
                                table.round(),
                                round -> Positions.ofCopy(plan(round).position()))));
    }

    private CopyPlan plan(int round) {
        return CopyPlan.read(config.bootstrap(), config.topics(), config.side(), config.lane(), round)
                .orElseThrow(() -> new IllegalStateException("round " + round + " of copying is not in the topic "
                        + config.topics().copy()));
    }

    /** In Debezium's terms: a snapshot was taken at this place, and its schema is still to be read. See {@link RecordedStart}. */
    private static Map<String, Object> offset(Map<String, String> position) {
        Map<String, Object> offset = new HashMap<>(position);
        offset.put("pos", Long.parseLong(position.getOrDefault("pos", "")));
        offset.put("snapshot", "INITIAL");
        offset.put("snapshot_completed", false);
        return offset;
    }

    private String wholeBefore() throws SQLException {
        if (!isPostgres()) return "*"; // preflight has seen the full row image
        try (Connection connection = config.database().connectWriter()) {
            return String.join(",", PostgresLog.tablesWithWholeBefore(connection, config));
        }
    }

    /** How far the initial copy is. */
    public CopyProgress progress() {
        return copy.progress();
    }

    /** Why it has stopped for good, if it has: it is not a change of the tables, and trying again does not mend it. */
    public Optional<String> failure() throws IOException, InterruptedException {
        return stop().filter(stop -> stop.kind() == Stop.Kind.LOST || stop.kind() == Stop.Kind.BROKEN)
                .map(Stop::reason);
    }

    /** Why it has stopped, if it has; a connector that is still starting or moving has not. */
    public Optional<Stop> stop() throws IOException, InterruptedException {
        Throwable failed = failure.get();
        if (failed != null) return Optional.of(Stop.of(config.name(), failed));
        if (!follows) return Optional.empty();
        return connect.state(config.name())
                .filter(state -> state.state().equals("FAILED"))
                .map(state -> Stop.of(config.name(), state.trace()));
    }

    /** Lets what has stopped try once more: the way to the log, a copy included, which keeps what it has; or the connector on it. */
    public void restart() throws IOException, InterruptedException {
        if (failure.getAndSet(null) == null) restartConnector();
        else thread.execute(this::run);
    }

    private void restartConnector() throws IOException, InterruptedException {
        String trace =
                connect.state(config.name()).map(ConnectClient.State::trace).orElse("");
        try {
            Optional<TableId> unknown = SchemaHistory.unknownIn(trace, config);
            if (unknown.isPresent()) SchemaHistory.teach(config, unknown.get(), connect.offset(config.name()));
        } catch (SQLException e) {
            LOG.warn(
                    "cannot read a table's columns; trying again: connector={} error={}",
                    config.name(),
                    e.getMessage());
        }
        connect.restart(config.name());
    }

    /**
     * Sends rows as they are now, or that they are gone, in the order of the lane: whatever comes behind them is newer, or brings them to
     * this state again. The connector stands still meanwhile, for a second or two.
     *
     * @throws IllegalStateException while it does not follow the log
     */
    public void refresh(List<RowKey> rows) throws SQLException, IOException, InterruptedException {
        if (!isRunning()) throw new IllegalStateException(config.name() + " does not follow the log now");
        connect.awaitHalt(config.name());
        try {
            new RowRefresh(config).send(rows);
        } finally {
            connect.goOn(config.name());
        }
    }

    /** Stands still, also after a restart of the worker, until it is started again. A copy under way goes on, and is not followed. */
    public synchronized void halt() throws IOException, InterruptedException {
        halted = true;
        if (connect.exists(config.name())) connect.halt(config.name());
    }

    public boolean isRunning() throws IOException, InterruptedException {
        return follows
                && connect.state(config.name())
                        .filter(state -> state.state().equals("RUNNING"))
                        .isPresent();
    }

    /** The replication slot that it reads from; empty on engines without one. */
    public Optional<String> slot() {
        return isPostgres() ? Optional.of(PostgresLog.name(config)) : Optional.empty();
    }

    /** Ends the capture for good: the connector goes, and with it what it holds in the database's log. */
    public void remove() throws SQLException, IOException, InterruptedException {
        close();
        connect.delete(config.name());
        if (!isPostgres()) return;
        try (Connection connection = config.database().connectWriter()) {
            forget(connection, config.database().dialect(), config.topics(), config.side(), config.lane());
        }
    }

    /** Ends what a capture that runs no more holds in the database's log; where it holds nothing, nothing changes. */
    public static void forget(Connection connection, Dialect dialect, Topics topics, Side side, int lane)
            throws SQLException, InterruptedException {
        if (dialect.engine().equals("postgresql"))
            PostgresLog.drop(connection, dialect, CaptureConfig.slot(topics, side, lane));
    }

    /** Deletes its connector, also one that no process knows any more; where there is none, nothing changes. */
    public static void forget(URI connect, Topics topics, Side side, int lane)
            throws IOException, InterruptedException {
        new ConnectClient(connect).delete(CaptureConfig.name(topics, side, lane));
    }

    /** Stops a copy under way, which the next start carries on. A connector runs on: it is the worker's. */
    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
        try {
            thread.awaitTermination(ENDING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
