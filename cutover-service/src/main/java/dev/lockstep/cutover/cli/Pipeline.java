package dev.lockstep.cutover.cli;

import dev.lockstep.ingest.barrier.BarrierWriter;
import dev.lockstep.ingest.capture.CaptureConfig;
import dev.lockstep.ingest.capture.ConnectWorker;
import dev.lockstep.ingest.capture.Stop;
import dev.lockstep.ingest.snapshot.CopyProgress;
import dev.lockstep.ingest.snapshot.InitialCopy;
import dev.lockstep.ingest.watch.CatalogWatch;
import dev.lockstep.ingest.watch.LogUse;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.CopyPlan;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.stream.apply.ApplyConfig;
import dev.lockstep.stream.apply.LaneGroup;
import dev.lockstep.stream.apply.NewRound;
import dev.lockstep.stream.cascade.Cascades;
import dev.lockstep.stream.lag.LagConfig;
import dev.lockstep.stream.lag.LagMonitor;
import dev.lockstep.stream.prove.ProofConfig;
import dev.lockstep.stream.prove.ProofJob;
import dev.lockstep.stream.scan.Scanner;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
    private static final String ANEW = " " + InitialCopy.START_ANEW;
    private static final int PROOF_PARALLELISM = 1; // on two cores one does as much as two

    final Topics topics;
    final String bootstrap;
    final Streams streams;
    final LagMonitor lag;
    final Scanner scanner;

    private final Migration migration;
    private final TableAgreement agreement;
    private final List<TableMapping> tables;
    private final int lanes;
    private final Clock clock;
    private final @Nullable URI connect;
    private final @Nullable Captures sourceCaptures;
    private volatile @Nullable ProofJob proof;
    private final CatalogWatch catalogs;
    private volatile @Nullable Captures targetCaptures;
    private final Parts parts = new Parts();
    private volatile @Nullable Pause pause;
    private volatile @Nullable Hold held;
    private volatile Optional<String> lookedInto = Optional.empty();
    private long lastBefore;

    /**
     * Starts all but the target's capture and the proof, which wait for the initial copy.
     *
     * @param changed what became of the tables while nothing ran; then nothing is captured, unless a move is under way
     * @param prepare whether both databases have to be there, and get what Lockstep needs in them; else they have it
     * @param moving whether a move is under way, for which what is on its way has to come through; see {@link #holdPaused}
     */
    Pipeline(
            Migration migration,
            TableAgreement agreement,
            Optional<String> changed,
            Broker broker,
            boolean prepare,
            boolean moving,
            Clock clock)
            throws Exception {
        this.migration = migration;
        this.agreement = agreement;
        this.tables = agreement.tables();
        this.lanes = migration.lanes().count();
        this.clock = clock;
        changed.ifPresent(change -> pause = new Pause(change, clock.instant()));
        topics = broker.topics;
        bootstrap = broker.bootstrap;
        try {
            TopicSetup.publish(bootstrap, topics, tables);
            if (prepare) prepareDatabases();
            InitialCopy.endOpenTransactions(bootstrap, topics);
            if (changed.isEmpty()) beginRound();
            lag = parts.add(LagMonitor.start(new LagConfig(
                    bootstrap, topics, lanes, migration.state().resolve("lag"), clock, agreement.retired())));
            connect = changed.isPresent() && !moving ? null : connect(); // a worker starts its connectors by itself
            held = Hold.load(migration.state()).orElse(null);
            streams = parts.add(new Streams(migration, this::apply, held != null, clock));
            sourceCaptures = connect == null
                    ? null
                    : parts.add(Captures.start(
                            captures(connect, Side.SOURCE), () -> streams.release(Direction.FORWARD), clock));
            if (migration.kafka().bootstrap() != null) parts.add(LaneGroup.lead(bootstrap, topics, StandbyRun.SESSION));
            scanner = parts.add(Scanner.start(migration, bootstrap, topics, tables, clock));
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
                : parts.add(ConnectWorker.start(bootstrap, topics, lanes)).url();
    }

    private void prepareDatabases() throws SQLException {
        BarrierWriter.prepare(migration.source(), Direction.FORWARD, lanes);
        BarrierWriter.prepare(migration.target(), Direction.REVERSE, lanes);
    }

    /** Before the first row of tables that are copied anew, the target has none of them. */
    private void beginRound() throws SQLException {
        int round = agreement.newestRound();
        if (round == 0) return;
        for (ApplyConfig lane : apply(Direction.FORWARD)) {
            List<TableMapping> anew = lane.tables().stream()
                    .filter(table -> table.round() == round)
                    .toList();
            if (anew.isEmpty()
                    || CopyPlan.read(bootstrap, topics, Side.SOURCE, lane.lane(), round)
                            .isPresent()) continue;
            NewRound.begin(lane, anew);
        }
    }

    /** Whether a round of copying is through on both sides. */
    boolean isCopied(int round) {
        return IntStream.range(0, lanes)
                .filter(lane -> round == 0 || TableMapping.newestRound(TableMapping.ofLane(lane, tables)) == round)
                .allMatch(lane -> Stream.of(Side.values())
                        .allMatch(side -> CopyPlan.read(bootstrap, topics, side, lane, round)
                                .filter(CopyPlan::done)
                                .isPresent()));
    }

    private <T> List<T> each(IntFunction<T> lane) {
        return IntStream.range(0, lanes).mapToObj(lane).toList();
    }

    private List<CaptureConfig> captures(URI worker, Side side) {
        return each(lane -> new CaptureConfig(
                worker,
                bootstrap,
                topics,
                side,
                migration.on(side),
                TableMapping.ofLane(lane, tables),
                lane,
                migration.copy().shared(lanes),
                agreement.agreed(side, lane)));
    }

    private List<ApplyConfig> apply(Direction direction) {
        return each(lane ->
                ApplyConfig.of(migration, direction, bootstrap, topics, tables, agreement.retired(), lane, clock));
    }

    /** The first barrier comes behind the copy's last row: once it is applied, so is the copy. */
    boolean copied() {
        return streams.appliers().progress().barrierMicros() > 0;
    }

    /** How far a side's tables have been read; empty before that begins. */
    Optional<CopyProgress> copyOf(Side side) {
        return Optional.ofNullable(side == Side.SOURCE ? sourceCaptures : targetCaptures)
                .map(Captures::progress);
    }

    /**
     * Begins to capture the echo and to prove. Idempotent. The proof reads from the first row on, but not before now: it would take
     * processor time from the copy, and has nothing to compare before the echo.
     */
    void prove() {
        if (targetCaptures == null && connect != null)
            targetCaptures = parts.add(
                    Captures.start(captures(connect, Side.TARGET), () -> streams.release(Direction.REVERSE), clock));
        if (proof == null && !migration.proof().cluster())
            proof = parts.add(ProofJob.start(new ProofConfig(
                    bootstrap,
                    topics,
                    tables,
                    lanes,
                    PROOF_PARALLELISM,
                    migration.state().resolve("proof"))));
    }

    private Stream<KeptCapture> captures() {
        return sides().flatMap(Captures::lanes);
    }

    private Stream<Captures> sides() {
        return Stream.of(Optional.ofNullable(sourceCaptures), Optional.ofNullable(targetCaptures))
                .flatMap(Optional::stream);
    }

    /** Tries again what waits for a database. To be called again and again by one thread. */
    synchronized void tendCaptures() throws InterruptedException {
        for (KeptCapture capture : captures().toList()) capture.tend();
    }

    /** The same, and holds the flow when a table has changed; likewise. */
    synchronized void tend() throws InterruptedException {
        if (pause != null && lastBefore < 0) return; // why a capture has stopped is to stay known: resuming goes by it
        tendCaptures();
        Optional<KeptCapture> stopped = changedInLog();
        if (stopped.isPresent()) hold(change(stopped.get()));
        else catalogs.change().ifPresent(this::settle);
        if (pause != null && (stopped.isPresent() || isSettled())) halt();
    }

    /**
     * Brings rows to what the side has now on which the application writes, in the order of their lane; the proof and the next scan tell
     * whether they are equal then.
     *
     * @throws PipelineException if changes do not flow now
     */
    synchronized void refresh(List<RowKey> rows) throws SQLException, IOException, InterruptedException {
        Captures origin = streams.carried() == Direction.FORWARD ? sourceCaptures : targetCaptures;
        if (pause != null || origin == null) throw new PipelineException("the migration is paused; resume it first");
        Map<Integer, List<RowKey>> byLane = rows.stream()
                .collect(Collectors.groupingBy(
                        row -> TableMapping.withId(row.table(), tables).lane()));
        for (KeptCapture capture : origin.lanes().toList())
            if (byLane.containsKey(capture.lane)) capture.capture.refresh(byLane.get(capture.lane));
        Cascades cascades = Cascades.of(tables);
        scanner.ask(
                rows.stream()
                        .map(RowKey::table)
                        .flatMap(table -> Stream.concat(Stream.of(table), cascades.reachedFrom(table).stream()))
                        .distinct()
                        .toList(),
                null);
    }

    private static String change(KeptCapture stopped) {
        return stopped.side.label() + " table "
                + stopped.stop().map(Stop::reason).orElse("");
    }

    /** The capture that stopped at the change of a table, if one has. */
    Optional<KeptCapture> changedInLog() {
        return captures()
                .filter(capture -> capture.stop()
                        .filter(stop -> stop.kind() == Stop.Kind.CHANGED)
                        .isPresent())
                .findFirst();
    }

    TableAgreement agreement() {
        return agreement;
    }

    /** What was committed before the change that the catalogs show is before this barrier. */
    private void settle(String change) {
        hold(change);
        if (lastBefore != 0) return;
        try {
            lastBefore = streams.write();
        } catch (SQLException e) {
            LOG.warn("barrier not written; trying again: error={}", e.getMessage());
        }
    }

    private boolean isSettled() {
        return lastBefore > 0
                && (streams.appliers().progress().barrierMicros() >= lastBefore
                        || streams.appliers().failure().isPresent());
    }

    private void hold(String change) {
        if (pause != null) return;
        pause = new Pause(change, clock.instant());
        LOG.warn("paused: migration={} change={}", migration.name(), change);
    }

    /** Once the move that was under way is over: tables had changed before it came to its end. */
    synchronized void holdPaused() throws InterruptedException {
        if (pause != null && lastBefore == 0) halt();
    }

    /** Nothing of the source comes any more, over restarts, too; what has come is applied and proven. */
    private void halt() throws InterruptedException {
        try {
            if (sourceCaptures != null) sourceCaptures.halt();
            lastBefore = -1;
        } catch (IOException e) {
            LOG.warn("captures not halted yet; trying again: error={}", e.toString());
        }
    }

    /** Why nothing flows, if an operator's word is needed. */
    Optional<Pause> pause() {
        return Optional.ofNullable(pause);
    }

    /** Gives the target no more changes, over restarts too. */
    void hold(Hold hold) {
        hold.save(migration.state());
        held = hold;
        streams.pause();
        LOG.warn("held: migration={} by={}", migration.name(), hold.by());
    }

    /** Whether it was held; now it is not. */
    boolean release() {
        if (held == null) return false;
        Hold.delete(migration.state());
        held = null;
        streams.resume();
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
        return Stream.of(away, streams.trouble().stream(), full).flatMap(s -> s).toList();
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
        return sides().flatMap(Captures::logs).toList();
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
        Optional<String> rows = rowsFailure();
        if (rows.isPresent() && pause == null && !rows.equals(lookedInto)) {
            lookedInto = rows;
            catalogs.look(); // a row may have been refused because its table has changed
            catalogs.change().ifPresent(this::hold);
        }
        Optional<String> failure = lost();
        if (failure.isPresent()) return failure;
        if (pause != null) return Optional.empty();
        failure = rows;
        if (failure.isEmpty() && proof != null) failure = proof.failure().map(e -> "proof: " + e.getMessage());
        if (failure.isEmpty()) failure = lag.failure().map(e -> "lag: " + e.getMessage());
        return failure;
    }

    private Optional<String> rowsFailure() {
        return captures()
                .flatMap(capture -> capture.stop().stream())
                .filter(stop -> stop.kind() == Stop.Kind.LOST || stop.kind() == Stop.Kind.BROKEN)
                .map(Pipeline::explain)
                .findFirst()
                .or(() -> streams.appliers().failure().map(reason -> "apply: " + reason));
    }

    private static String explain(Stop stop) {
        return stop.kind() == Stop.Kind.LOST ? "a new copy is needed: " + stop.reason() + "." + ANEW : stop.reason();
    }

    /** Ends what the captures hold in both databases' logs, where these can be reached; there is no carrying on after it. */
    void removeCaptures() throws InterruptedException {
        for (KeptCapture capture : captures().toList()) capture.remove();
    }

    /** Stops the parts, the newest first. */
    @Override
    public void close() {
        parts.close();
    }
}
