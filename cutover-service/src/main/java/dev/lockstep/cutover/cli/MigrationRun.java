package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.forecast.Forecast;
import dev.lockstep.cutover.forecast.KeptActs;
import dev.lockstep.cutover.phase.ActObserver;
import dev.lockstep.cutover.phase.Conductor;
import dev.lockstep.cutover.phase.Copying;
import dev.lockstep.cutover.phase.Finished;
import dev.lockstep.cutover.phase.Following;
import dev.lockstep.cutover.phase.KafkaJournal;
import dev.lockstep.cutover.phase.NotClearedException;
import dev.lockstep.cutover.phase.ObservedActs;
import dev.lockstep.cutover.phase.OnTarget;
import dev.lockstep.cutover.phase.Phase;
import dev.lockstep.cutover.phase.PhaseName;
import dev.lockstep.cutover.phase.PhaseOwner;
import dev.lockstep.cutover.phase.Prepared;
import dev.lockstep.cutover.phase.Ready;
import dev.lockstep.cutover.phase.Rest;
import dev.lockstep.cutover.phase.RolledBack;
import dev.lockstep.cutover.phase.Soaking;
import dev.lockstep.cutover.report.ProofRecord;
import dev.lockstep.cutover.report.ProofReport;
import dev.lockstep.cutover.watch.OperatorCheck;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.SoakRules.CheckRules;
import dev.lockstep.stream.lag.LagView;
import dev.lockstep.stream.lag.ProofView;
import dev.lockstep.stream.scan.ScanView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One migration from wherever its journal says it stands to its end. It can be ended at any point and by any means; run again, it
 * carries on.
 */
final class MigrationRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MigrationRun.class);
    private static final Duration LOOK = Duration.ofMillis(250);

    private final Migration migration;
    private final Beginning beginning;
    private final Clock clock;
    private final Pipeline pipeline;
    private final Parts parts = new Parts();
    private final PhaseOwner owner;
    private final Cutovers cutovers;
    private final TargetGuard guard;
    private final SourceGuard sourceGuard;
    private final @Nullable OperatorCheck check;
    private final GateInputs inputs;
    private final Readiness readiness;
    private final Conductor conductor;
    private final Leftovers leftovers;
    private final Soak soak;
    private final Requests requests;
    private final QuietHours quiet;
    private final SoakWatch watch;
    private final SoakReports reports;
    private final Rehearsal rehearsal;
    private final StatusBoard board;
    private final ProofFacts facts;
    private final Consumer<Status> view;

    private volatile List<String> left = List.of();
    private volatile boolean stopped;
    private volatile boolean resumed;
    private final Insistence insistence =
            new Insistence(() -> stopped, this::tendCaptures, this::look, Rest.sleeping());

    /**
     * Starts all parts and takes the journal over.
     *
     * @param beginning what both databases showed
     * @param view is shown every status
     * @param observer is told of every act of a cutover or rollback
     */
    MigrationRun(Migration migration, Beginning beginning, Consumer<Status> view, ActObserver observer, Clock clock)
            throws Exception {
        this.migration = migration;
        this.beginning = beginning;
        this.clock = clock;
        this.view = view;
        try {
            cutovers = new Cutovers(migration, beginning.agreement().tables(), clock);
            Broker broker = parts.add(Broker.start(migration, migration.lanes().count()));
            KafkaJournal journal = parts.add(KafkaJournal.open(broker.bootstrap, broker.topics));
            KeptActs kept = new KeptActs(StateDirectory.acts(migration.state()));
            ObservedActs acts = new ObservedActs(observer.and(kept));
            leftovers = acts.of(Leftovers.class, "leftovers", Leftovers.of(migration));
            owner = PhaseOwner.open(acts.of(journal), migration.name(), clock);
            refuseIfMoved();
            ReportFiles.of(migration.state()).delete();
            boolean mayBeFenced = isInCutover(owner.current()); // then giving writes back must not need the other side
            if (!mayBeFenced) {
                beginning.refuseUnlessReady();
                cutovers.prepareFences();
            }
            guard = cutovers.targetGuard(owner);
            sourceGuard = cutovers.sourceGuard(owner);
            if (isUnderWay(owner.current())) guard.carryOn();
            pipeline = parts.add(new Pipeline(
                    migration,
                    beginning.agreement(),
                    beginning.changed(),
                    broker,
                    !mayBeFenced,
                    owner.current().name().isMoving(),
                    clock));
            CheckRules rules = migration.cutover().check();
            check = rules == null ? null : parts.add(OperatorCheck.start(rules, clock));
            inputs = new GateInputs(pipeline, cutovers, migration, check);
            conductor = new Conductor(
                    owner,
                    cutovers.ports(this::require, pipeline.streams, pipeline.lag, acts),
                    migration.cutover(),
                    clock,
                    Rest.sleeping(),
                    insistence);
            watch = parts.add(new SoakWatch(migration, owner, pipeline, clock));
            soak = new Soak(
                    owner,
                    conductor,
                    this::require,
                    pipeline,
                    migration.cutover(),
                    cutovers.provenIds(),
                    watch,
                    this::writeReport,
                    clock);
            rehearsal = new Rehearsal(migration, owner, pipeline, cutovers, kept, clock);
            readiness = new Readiness(migration.cutover(), owner);
            requests = new Requests(migration, owner, pipeline, readiness, conductor, soak, sourceGuard, clock);
            quiet = QuietHours.open(migration.state(), migration.cutover().zone());
            board = new StatusBoard(
                    migration,
                    beginning.preflight(),
                    pipeline,
                    owner,
                    readiness,
                    quiet,
                    rehearsal,
                    watch,
                    this::troubles,
                    soak::isAskedBack,
                    clock);
            ProofRecord record = parts.add(
                    ProofRecord.start(broker.bootstrap, broker.topics, ReportFiles.record(migration.state())));
            facts = new ProofFacts(migration, beginning, pipeline, record, journal, board, clock);
            reports = new SoakReports(migration.state(), this::report, clock);
        } catch (Exception e) {
            parts.close();
            throw e;
        }
    }

    private void refuseIfMoved() {
        Phase phase = owner.current();
        if (phase instanceof Soaking && !migration.cutover().keepsWayBack())
            throw new ConfigurationException("the way back is open and proven, and the file says cutover.wayBack: false"
                    + " by now; set it back, and end the migration by `lockstep finish`");
        if (isOver(phase)) throw new AlreadyMovedException(phase, takeAway(phase)); // a crash may have come between
    }

    /** Without a way back what Lockstep made in the databases stays, but nothing that would keep their logs growing for ever. */
    private List<String> takeAway(Phase phase) {
        return phase instanceof Finished ? Leftovers.remove(leftovers) : Leftovers.removeCaptures(leftovers);
    }

    static boolean isUnderWay(Phase phase) {
        return phase.name() == PhaseName.COPYING || phase.name() == PhaseName.FOLLOWING;
    }

    /** Also while the fence of one that was aborted may still be up. */
    private static boolean isInCutover(Phase phase) {
        return phase.name().isMoving()
                || phase.name().isOnTarget()
                || (phase instanceof Following following && following.unfence());
    }

    /**
     * Copies, follows, and cuts over when that is due.
     *
     * @return where it stands: OPEN or later, or before that if it was stopped
     * @throws PipelineException if a part has stopped for good; nothing is lost, and running again carries on
     * @throws dev.lockstep.schemas.migration.ConfigurationException if what it found at its beginning forbids to go on; the writes are
     *     back on the source by then
     */
    Phase run() throws Exception {
        if (isResumedByProof(owner.current())) pipeline.prove();
        Phase phase = openIfGivenUp(conductor.resume());
        pipeline.holdPaused();
        if (!phase.name().isOnTarget()) beginning.refuseUnlessReady();
        while (!stopped && !isOver(phase)) {
            phase = step(phase);
            look();
        }
        look();
        if (isOver(phase)) {
            writeReport();
            pipeline.removeCaptures();
            left = takeAway(phase);
        }
        return phase;
    }

    /** Finished; or, without a way back, moved. */
    private boolean isOver(Phase phase) {
        return phase.name() == PhaseName.FINISHED
                || (phase.name().isOnTarget() && !migration.cutover().keepsWayBack());
    }

    /** The flip may have been sent: what is opened must be proven once more. */
    private static boolean isResumedByProof(Phase phase) {
        return phase.name() == PhaseName.DRAINED || phase.name() == PhaseName.FLIPPED;
    }

    private static boolean isCopied(Phase phase) {
        return phase.name() != PhaseName.PREPARED && phase.name() != PhaseName.COPYING;
    }

    /** The traffic has moved: nothing that is wrong with a document may end the run otherwise than well. */
    private void writeReport() {
        try {
            ReportFiles.of(migration.state()).write(report());
        } catch (RuntimeException e) {
            LOG.warn("no report was written: migration={} error={}", migration.name(), e.toString());
        }
    }

    /** While a step is tried again and again: it may wait for a part that has to be started once more. */
    private Optional<String> tendCaptures() {
        try {
            pipeline.tendCaptures();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return pipeline.failure();
    }

    private Phase step(Phase phase) throws Exception {
        insistence.over();
        pipeline.tend();
        Optional<String> failure = pipeline.failure();
        // the application lives on on the target without the way back, and others are still to be kept off the source
        if (failure.isPresent() && !(phase instanceof OnTarget)) throw new PipelineException(failure.get());
        if (isCopied(phase)) pipeline.prove(); // not before it is resumed: no write should stand still for that
        if (phase instanceof Prepared prepared) return beginCopy(prepared);
        if (phase instanceof OnTarget onTarget) return onTarget(onTarget);
        if (phase instanceof RolledBack back) return followAgain(back);
        if (pipeline.streams.appliers().trouble().isEmpty()) guard.watch(clock.instant());
        sourceGuard.watchInUse(clock.instant());
        if (phase instanceof Copying copying) return pipeline.copied() ? beginToFollow(copying) : pause(phase);
        if (phase instanceof Following following) return follow(following);
        if (phase instanceof Ready) return cutOver();
        throw new IllegalStateException("nothing goes on from phase " + phase.name());
    }

    private Phase followAgain(RolledBack back) {
        guard.endCutover(clock.instant(), back.forgottenAt());
        return owner.enter(back, back.following(clock.instant()), "the target follows the source again");
    }

    /** Every cutover closes the target; one that led back to following is over without having opened it. An earlier one may have. */
    private Phase openIfGivenUp(Phase reached) {
        if (reached instanceof Following) guard.endCutover(clock.instant(), forgottenAt());
        return reached;
    }

    /** When no cache has the target's address any more from before a rollback. */
    private Instant forgottenAt() {
        return owner.last(PhaseName.ROLLED_BACK)
                .map(phase -> ((RolledBack) phase).forgottenAt())
                .orElse(Instant.MIN);
    }

    private Phase onTarget(OnTarget phase) throws InterruptedException {
        sourceGuard.watch(clock.instant());
        watch.opened().ifPresent(reports::tend);
        Phase next = soak.step(phase);
        return next.equals(phase) ? pause(phase) : next;
    }

    private Phase beginCopy(Prepared prepared) {
        guard.begin();
        return owner.enter(prepared, prepared.copying(clock.instant()), "preflight passed");
    }

    private Phase beginToFollow(Copying copying) {
        return owner.enter(copying, copying.following(clock.instant()), "the initial copy is applied");
    }

    private Phase follow(Following following) throws Exception {
        if (!readiness.isDue() || pipeline.held().isPresent()) return pause(following);
        Ready ready = owner.enter(
                following, following.ready(clock.instant(), readiness.hold().openFor()), readiness.reason());
        boolean calledOff = !readiness.isDue(); // by somebody who saw FOLLOWING
        return calledOff ? owner.enter(ready, ready.abort(clock.instant()), "called off") : ready;
    }

    private Phase cutOver() {
        Phase reached = openIfGivenUp(conductor.run());
        readiness.tried();
        return reached;
    }

    /** The way there needs the gates, the way back what is left of them. */
    private void require(Direction direction) {
        if (direction == Direction.FORWARD) {
            readiness.require(inputs.gather(lag(), pipeline.lag.proof(), pipeline.scanner.view(), clock.instant()));
            return;
        }
        try {
            cutovers.requireWayBack();
        } catch (RuntimeException e) {
            throw new NotClearedException(String.valueOf(e.getMessage()));
        }
    }

    /** The gates look back on the hold time. */
    private LagView lag() {
        return pipeline.lag.view(migration.cutover().hold());
    }

    private static Phase pause(Phase phase) throws InterruptedException {
        Thread.sleep(LOOK.toMillis());
        return phase;
    }

    /** Gathers, judges, shows. */
    private void look() {
        watch.tend();
        Instant now = clock.instant();
        LagView lag = lag();
        ProofView proof = pipeline.lag.proof();
        ScanView scans = pipeline.scanner.view();
        if (isScanned(owner.current())) pipeline.scanner.follow(owner.current().direction());
        else pipeline.scanner.hold();
        PhaseName phase = owner.current().name();
        if (check != null) check.watch(phase == PhaseName.FOLLOWING || phase == PhaseName.READY);
        if (phase == PhaseName.FOLLOWING) {
            quiet.look(now, lag.captured().throughput().rows());
            readiness.judge(inputs.gather(lag, proof, scans, now));
        }
        view.accept(board.gather(lag, proof, scans, now));
    }

    private boolean isScanned(Phase phase) {
        boolean flows = phase.name() == PhaseName.FOLLOWING || phase.name() == PhaseName.SOAKING;
        return flows && pipeline.pause().isEmpty();
    }

    private List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        insistence.trouble().ifPresent(troubles::add);
        troubles.addAll(pipeline.troubles());
        if (owner.current() instanceof OnTarget) pipeline.failure().ifPresent(troubles::add);
        guard.trouble().ifPresent(troubles::add);
        sourceGuard.trouble().ifPresent(troubles::add);
        soak.trouble().ifPresent(troubles::add);
        return List.copyOf(troubles);
    }

    /** As of a second ago at most. */
    Status status() {
        return board.newest();
    }

    /** What an operator may ask for. */
    Requests requests() {
        return requests;
    }

    /**
     * Goes on after a pause: ends {@link #run}, and the next one begins with the tables as they are now.
     *
     * @return what does not match yet; empty: it goes on
     */
    synchronized Optional<String> requestResume() {
        if (resumed) return Optional.empty();
        if (owner.current().name().isOnTarget())
            return Optional.of(
                    "a table has changed while the target is in use, so the way back is closed: make both sides match again, then"
                            + " start this process anew");
        PhaseName phase = owner.current().name();
        if (phase.isMoving())
            return Optional.of("the migration is in phase " + phase + "; resume it once the move has come to its end");
        boolean held = pipeline.release();
        Optional<Pause> pause = pipeline.pause();
        if (pause.isEmpty()) return held ? Optional.empty() : Optional.of("the migration is not paused");
        Optional<String> refused = Resumption.refuse(migration, pipeline);
        if (refused.isEmpty()) resumed = stopped = true;
        return refused;
    }

    /** Whether it ended to begin anew with the tables as they are now. */
    boolean isResumed() {
        return resumed;
    }

    /** What Lockstep made and could not take away at the end, each with its remedy. */
    List<String> left() {
        return left;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    /**
     * Tries the next move without stopping writes, and foretells it.
     *
     * @throws IllegalStateException if none can be tried in this phase
     */
    Forecast rehearse(int drills) {
        return rehearsal.rehearse(
                drills, owner.current().name() == PhaseName.FOLLOWING ? readiness.gates() : List.of());
    }

    /** The proof as it stands. */
    ProofReport report() {
        try {
            return facts.gather();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PipelineException("interrupted while the report was made");
        }
    }

    /** Ends {@link #run} at the next look, from any thread. A cutover under way is brought to its end first. */
    void stop() {
        stopped = true;
    }

    @Override
    public void close() {
        LOG.info(
                "stopping: migration={} phase={}",
                migration.name(),
                owner.current().name());
        parts.close();
    }
}
