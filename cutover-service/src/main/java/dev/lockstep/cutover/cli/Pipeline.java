package dev.lockstep.cutover.cli;

import dev.lockstep.ingest.barrier.BarrierWriter;
import dev.lockstep.ingest.capture.Capture;
import dev.lockstep.ingest.capture.CaptureConfig;
import dev.lockstep.ingest.capture.ConnectWorker;
import dev.lockstep.ingest.capture.Stop;
import dev.lockstep.ingest.snapshot.CopyProgress;
import dev.lockstep.ingest.snapshot.InitialCopy;
import dev.lockstep.ingest.watch.CatalogWatch;
import dev.lockstep.ingest.watch.LogUse;
import dev.lockstep.ingest.watch.LogWatch;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.CopyPlan;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.ControlTables;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.stream.apply.Applier;
import dev.lockstep.stream.apply.ApplyConfig;
import dev.lockstep.stream.apply.LaneGroup;
import dev.lockstep.stream.apply.NewRound;
import dev.lockstep.stream.lag.LagConfig;
import dev.lockstep.stream.lag.LagMonitor;
import dev.lockstep.stream.prove.ProofConfig;
import dev.lockstep.stream.prove.ProofJob;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The moving parts of one migration, wired: capture, barriers, apply, proof and lag. Started again on the same state
 * directory it carries on where it was, however it ended.
 */
final class Pipeline implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);
    static final int LANES = 1;
    private static final String ANEW = " " + InitialCopy.START_ANEW;
    private static final int PROOF_PARALLELISM = 1; // on two cores one does as much as two

    final Topics topics;
    final String bootstrap;
    final BarrierWriter barriers;
    final Applier applier;
    final LagMonitor lag;

    private final Migration migration;
    private final TableAgreement agreement;
    private final List<TableMapping> tables;
    private final Clock clock;
    private final @Nullable URI connect;
    private final @Nullable KeptCapture sourceCapture;
    private volatile @Nullable ProofJob proof;
    private final CatalogWatch catalogs;
    private volatile @Nullable KeptCapture targetCapture;
    private final List<LogWatch> logs = new CopyOnWriteArrayList<>();
    private final Parts parts = new Parts();
    private volatile @Nullable Pause pause;
    private volatile @Nullable Hold held;
    private long lastBefore;

    /**
     * Starts all but the target's capture and the proof, which wait for the initial copy.
     *
     * @param changed what became of the tables while nothing ran; then nothing is captured
     */
    static Pipeline start(
            Migration migration, TableAgreement agreement, Optional<String> changed, Broker broker, Clock clock)
            throws Exception {
        return new Pipeline(migration, agreement, changed, broker, clock);
    }

    private Pipeline(
            Migration migration, TableAgreement agreement, Optional<String> changed, Broker broker, Clock clock)
            throws Exception {
        this.migration = migration;
        this.agreement = agreement;
        this.tables = agreement.tables();
        this.clock = clock;
        changed.ifPresent(change -> pause = new Pause(change, clock.instant()));
        topics = broker.topics;
        bootstrap = broker.bootstrap;
        try {
            TopicSetup.publish(bootstrap, topics, tables);
            prepareDatabases();
            if (changed.isEmpty()) beginRound();
            lag = parts.add(LagMonitor.start(new LagConfig(
                    bootstrap, topics, LANES, migration.state().resolve("lag"), clock, agreement.retired())));
            connect = changed.isPresent() ? null : connect(); // a worker starts its connectors by itself
            barriers = parts.add(BarrierWriter.held(
                    migration.source(), Direction.FORWARD, migration.barrier().interval(), clock));
            sourceCapture = connect == null
                    ? null
                    : kept(
                            Side.SOURCE,
                            parts.add(Capture.start(
                                    capture(connect, Side.SOURCE, migration.source()), barriers::release)));
            if (migration.kafka().bootstrap() != null) parts.add(LaneGroup.lead(bootstrap, topics, StandbyRun.SESSION));
            held = Hold.load(migration.state()).orElse(null);
            applier = parts.add(Applier.start(apply(clock), held != null));
            catalogs = parts.add(CatalogWatch.start(migration, tables, agreement.seen()));
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private URI connect() {
        String own = migration.kafka().connect();
        return own != null
                ? URI.create(own)
                : parts.add(ConnectWorker.start(bootstrap, topics, LANES)).url();
    }

    private void prepareDatabases() throws SQLException {
        BarrierWriter.prepare(migration.source(), Direction.FORWARD, LANES);
        Endpoint target = migration.target();
        try (Connection connection = target.connectWriter()) {
            ControlTables.createBarrier(connection, target.dialect());
        }
    }

    /** Before the first row of tables that are copied anew, the target has none of them. */
    private void beginRound() throws SQLException {
        int round = agreement.newestRound();
        if (round == 0
                || CopyPlan.read(bootstrap, topics, Side.SOURCE, 0, round).isPresent()) return;
        NewRound.begin(
                apply(clock),
                tables.stream().filter(table -> table.round() == round).toList());
    }

    /** Whether a round of copying is through on both sides. */
    boolean isCopied(int round) {
        return Stream.of(Side.values())
                .allMatch(side -> CopyPlan.read(bootstrap, topics, side, 0, round)
                        .filter(CopyPlan::done)
                        .isPresent());
    }

    private KeptCapture kept(Side side, Capture capture) {
        Endpoint database = side == Side.SOURCE ? migration.source() : migration.target();
        capture.slot().ifPresent(slot -> logs.add(parts.add(LogWatch.start(side.label(), slot, database))));
        return new KeptCapture(capture, clock);
    }

    private CaptureConfig capture(URI worker, Side side, Endpoint database) {
        return new CaptureConfig(
                worker, bootstrap, topics, side, database, tables, 0, migration.copy(), agreement.agreed(side));
    }

    private ApplyConfig apply(Clock clock) {
        return new ApplyConfig(
                bootstrap,
                topics,
                Side.SOURCE,
                Direction.FORWARD,
                migration.target(),
                tables,
                agreement.retired(),
                0,
                migration.apply(),
                clock);
    }

    /** The first barrier comes behind the copy's last row: once it is applied, so is the copy. */
    boolean copied() {
        return applier.progress().barrierMicros() > 0;
    }

    /** How far a side's tables have been read; empty before that begins. */
    Optional<CopyProgress> copyOf(Side side) {
        KeptCapture kept = side == Side.SOURCE ? sourceCapture : targetCapture;
        return Optional.ofNullable(kept).map(k -> k.capture.progress());
    }

    /**
     * Begins to capture the echo and to prove. Idempotent. The proof reads from the first row on, but not before now: it would take
     * processor time from the copy, and has nothing to compare before the echo.
     */
    void prove() {
        if (targetCapture == null && connect != null)
            targetCapture =
                    kept(Side.TARGET, parts.add(Capture.start(capture(connect, Side.TARGET, migration.target()))));
        if (proof == null)
            proof = parts.add(ProofJob.start(new ProofConfig(
                    bootstrap,
                    topics,
                    Direction.FORWARD,
                    tables,
                    LANES,
                    PROOF_PARALLELISM,
                    migration.state().resolve("proof"))));
    }

    private Stream<KeptCapture> captures() {
        return Stream.of(Optional.ofNullable(sourceCapture), Optional.ofNullable(targetCapture))
                .flatMap(Optional::stream);
    }

    /**
     * Looks after the captures: tries again what waits for a database, and holds the flow when a table has changed. To be called
     * again and again by one thread.
     */
    void tend() throws IOException, InterruptedException {
        if (pause != null && lastBefore < 0) return;
        for (KeptCapture capture : captures().toList()) capture.tend();
        Optional<Stop> stop = changeInLog();
        if (stop.isPresent()) hold(side(stop.get()) + stop.get().reason());
        else catalogs.change().ifPresent(this::settle);
        if (pause != null && (stop.isPresent() || isSettled())) halt();
    }

    private String side(Stop stop) {
        return isAtSource(Optional.of(stop)) ? "source table " : "target table ";
    }

    /** The change of a table that a capture stopped at. */
    Optional<Stop> changeInLog() {
        return captures()
                .flatMap(capture -> capture.stop().stream())
                .filter(stop -> stop.kind() == Stop.Kind.CHANGED)
                .findFirst();
    }

    boolean isAtSource(Optional<Stop> stop) {
        return sourceCapture != null && sourceCapture.stop().equals(stop);
    }

    TableAgreement agreement() {
        return agreement;
    }

    /** What was committed before the change that the catalogs show is before this barrier. */
    private void settle(String change) {
        hold(change);
        if (lastBefore != 0) return;
        try {
            lastBefore = barriers.write();
        } catch (SQLException e) {
            LOG.warn("barrier not written; trying again: error={}", e.getMessage());
        }
    }

    private boolean isSettled() {
        return lastBefore > 0
                && (applier.progress().barrierMicros() >= lastBefore
                        || applier.failure().isPresent());
    }

    private void hold(String change) {
        if (pause != null) return;
        pause = new Pause(change, clock.instant());
        LOG.warn("paused: migration={} change={}", migration.name(), change);
    }

    /** Nothing of the source comes any more, over restarts, too; what has come is applied and proven. */
    private void halt() throws IOException, InterruptedException {
        if (sourceCapture != null) sourceCapture.capture.halt();
        lastBefore = -1;
    }

    /** Why nothing flows, if an operator's word is needed. */
    Optional<Pause> pause() {
        return Optional.ofNullable(pause);
    }

    /** Gives the target no more changes, over restarts too. */
    void hold(Hold hold) {
        hold.save(migration.state());
        held = hold;
        applier.pause();
        LOG.warn("held: migration={} by={}", migration.name(), hold.by());
    }

    /** Whether it was held; now it is not. */
    boolean release() {
        if (held == null) return false;
        Hold.delete(migration.state());
        held = null;
        applier.resume();
        return true;
    }

    /** Who holds the target's changes back, if somebody does. */
    Optional<Hold> held() {
        return Optional.ofNullable(held);
    }

    /** What a part waits for, or what an operator should look at. */
    List<String> troubles() {
        Stream<String> away = captures()
                .flatMap(capture -> capture.stop().stream())
                .filter(stop -> stop.kind() == Stop.Kind.AWAY)
                .map(Stop::reason);
        Stream<String> full = logs().stream()
                .filter(use -> use.retainedBytes() > migration.log().warnBytes())
                .map(Pipeline::warning);
        Stream<String> target = applier.trouble().map(trouble -> "the target " + trouble).stream();
        return Stream.of(away, barriers.trouble().stream(), target, full)
                .flatMap(s -> s)
                .toList();
    }

    private static String warning(LogUse use) {
        return "the " + use.side() + " keeps " + (use.retainedBytes() >> 20) + " MB of its log for replication slot "
                + use.slot()
                + (use.safeBytes() == null
                        ? "; watch its disk"
                        : ", and gives it up after " + (use.safeBytes() >> 20) + " MB more");
    }

    /** What the databases keep of their logs for us. */
    List<LogUse> logs() {
        return logs.stream().flatMap(log -> log.use().stream()).toList();
    }

    private Optional<String> lost() {
        return logs().stream()
                .filter(LogUse::isLost)
                .findFirst()
                .map(use -> "a new copy is needed: the " + use.side() + "'s replication slot " + use.slot() + " is "
                        + (use.state().equals("missing") ? "gone" : "lost")
                        + ", and with it changes that were not read yet."
                        + ANEW);
    }

    /** Why a part has stopped, if one has. */
    Optional<String> failure() {
        if (applier.failure().isPresent() && pause == null) {
            catalogs.look(); // the target may have refused a row because its table has changed
            catalogs.change().ifPresent(this::hold);
        }
        Optional<String> failure = lost();
        if (failure.isPresent()) return failure;
        if (pause != null) return Optional.empty();
        failure = captures()
                .flatMap(capture -> capture.stop().stream())
                .filter(stop -> stop.kind() == Stop.Kind.LOST || stop.kind() == Stop.Kind.BROKEN)
                .map(Pipeline::explain)
                .findFirst();
        if (failure.isEmpty()) failure = applier.failure().map(e -> "apply: " + e.getMessage());
        if (failure.isEmpty() && proof != null) failure = proof.failure().map(e -> "proof: " + e.getMessage());
        if (failure.isEmpty()) failure = lag.failure().map(e -> "lag: " + e.getMessage());
        return failure;
    }

    private static String explain(Stop stop) {
        return stop.kind() == Stop.Kind.LOST ? "a new copy is needed: " + stop.reason() + "." + ANEW : stop.reason();
    }

    /** Ends what the captures hold in both databases' logs; there is no carrying on after it. */
    void removeCaptures() throws SQLException, IOException, InterruptedException {
        for (KeptCapture capture : captures().toList()) capture.capture.remove();
    }

    /** Stops the parts, the newest first. */
    @Override
    public void close() {
        parts.close();
    }
}
