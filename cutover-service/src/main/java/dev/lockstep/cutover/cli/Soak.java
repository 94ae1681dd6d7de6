package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.gate.Proof;
import dev.lockstep.cutover.gate.Units;
import dev.lockstep.cutover.phase.Clearance;
import dev.lockstep.cutover.phase.Conductor;
import dev.lockstep.cutover.phase.NotClearedException;
import dev.lockstep.cutover.phase.OnTarget;
import dev.lockstep.cutover.phase.Open;
import dev.lockstep.cutover.phase.Phase;
import dev.lockstep.cutover.phase.PhaseName;
import dev.lockstep.cutover.phase.PhaseOwner;
import dev.lockstep.cutover.phase.Soaking;
import dev.lockstep.cutover.watch.Triggers.Decision;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.Migration.CutoverRules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What goes on while the application writes on the target: the way back is kept and proven, and taken or given up when somebody says so. */
final class Soak {

    private static final String WAY_BACK = "the way back is not open: ";

    /** Until a rollback that could not begin is tried by itself again. */
    private static final Duration REST = Duration.ofSeconds(30);

    private final PhaseOwner owner;
    private final Conductor conductor;
    private final Clearance clearance;
    private final Pipeline pipeline;
    private final CutoverRules rules;
    private final Set<String> tables;
    private final SoakWatch watch;
    private final Runnable lastReport;
    private final Clock clock;
    private final AtomicReference<@Nullable Asked> rollback = new AtomicReference<>();
    private final AtomicReference<@Nullable String> finish = new AtomicReference<>();

    private volatile @Nullable Refusal refusal;

    /**
     * @param cutover when the one that is to be taken back became ready
     */
    private record Asked(String by, Instant cutover) {}

    /** Why the newest rollback has not begun. */
    private record Refusal(String reason, Instant until) {}

    /**
     * @param lastReport writes it; called before there is no way back, as a process that dies after that runs no more
     */
    Soak(
            PhaseOwner owner,
            Conductor conductor,
            Clearance clearance,
            Pipeline pipeline,
            CutoverRules rules,
            Set<String> tables,
            SoakWatch watch,
            Runnable lastReport,
            Clock clock) {
        this.owner = owner;
        this.conductor = conductor;
        this.clearance = clearance;
        this.pipeline = pipeline;
        this.rules = rules;
        this.tables = tables;
        this.watch = watch;
        this.lastReport = lastReport;
        this.clock = clock;
    }

    /** Goes on from there if something is due; otherwise it stays. */
    Phase step(OnTarget phase) {
        Asked back = rollback.getAndSet(null);
        String end = finish.getAndSet(null);
        if (back != null && back.cutover().equals(begun()))
            return rollBack(phase, "rollback, asked for by " + back.by());
        if (watch.look(closed()) instanceof Decision.RollBack trigger)
            return rollBack(phase, "rollback by itself: " + trigger.reason());
        if (phase instanceof Open open && isProven(open))
            return owner.enter(
                    open, open.soaking(clock.instant()), "what is written on the target is proven on the source");
        return end == null ? phase : finish(phase, end);
    }

    private Phase finish(OnTarget phase, String by) {
        lastReport.run();
        return owner.enter(phase, phase.finished(clock.instant()), "asked for by " + by);
    }

    /** Of the cutover that stands. What was asked for in an earlier one, that one has seen to. */
    private Instant begun() {
        return owner.lastEntered(PhaseName.READY).orElse(Instant.MIN);
    }

    private Phase rollBack(OnTarget phase, String reason) {
        pipeline.scanner.hold();
        try {
            Phase reached = conductor.rollBack(reason);
            refusal = null;
            return reached;
        } catch (NotClearedException e) {
            String refused = WAY_BACK + e.getMessage();
            refusal = new Refusal(refused, clock.instant().plus(REST));
            owner.note(reason + "; not begun: " + refused, Map.of());
            return phase;
        }
    }

    /** What an operator should look at. */
    Optional<String> trouble() {
        return Optional.ofNullable(refusal).map(Refusal::reason);
    }

    /** Whether the reverse stream has been proven equal since the target opened. */
    private boolean isProven(Open open) {
        List<TableVerdict> complete = pipeline.lag.proof().complete();
        return !complete.isEmpty()
                && complete.get(0).getBarrierMicros() > open.moved().proof().barrierMicros()
                && new Proof(complete.get(0).getBarrierMicros(), complete)
                        .covers(tables)
                        .isOpen();
    }

    /**
     * Asks for the traffic to go back.
     *
     * @return why it cannot now; empty: it will at the next look
     */
    Optional<String> requestRollback(String by) {
        Optional<String> closed = notProven().or(this::notCleared);
        if (closed.isEmpty()) rollBackOnceOpen(by);
        return closed;
    }

    private Optional<String> notCleared() {
        try {
            clearance.require(Direction.REVERSE);
            return Optional.empty();
        } catch (NotClearedException e) {
            return Optional.of(WAY_BACK + e.getMessage());
        }
    }

    /** The traffic goes back as soon as it has got to the target, whatever the lag is then. */
    void rollBackOnceOpen(String by) {
        rollback.set(new Asked(by, begun()));
    }

    /** Whether the traffic is to go back, and does not yet. */
    boolean isAskedBack() {
        Asked back = rollback.get();
        return back != null && back.cutover().equals(begun());
    }

    /** The same for the end, after which there is no way back. From OPEN only if the way back cannot be proven any more. */
    Optional<String> requestFinish(String by) {
        Phase phase = owner.current();
        boolean isOver = phase instanceof Open
                && (pipeline.failure().isPresent() || pipeline.pause().isPresent());
        if (!(phase instanceof Soaking) && !isOver)
            return Optional.of("the migration is in phase " + phase.name() + "; it is finished from SOAKING");
        finish.set(by);
        return Optional.empty();
    }

    private Optional<String> closed() {
        Refusal last = refusal;
        return last != null && clock.instant().isBefore(last.until()) ? Optional.of(last.reason()) : notProven();
    }

    /** Why what is written on the target is not on the source within the bounds; a pause for writes would not do then. */
    private Optional<String> notProven() {
        Optional<String> failure = pipeline.failure();
        if (failure.isPresent()) return Optional.of(WAY_BACK + failure.get());
        Optional<Duration> lag = pipeline.lag.view(rules.hold()).proven().now();
        if (lag.isEmpty()) return Optional.of(WAY_BACK + "its lag is not known yet");
        if (lag.get().compareTo(rules.maxProvenLag()) > 0)
            return Optional.of(WAY_BACK + "its proven lag of " + Units.of(lag.get()) + " exceeds "
                    + Units.of(rules.maxProvenLag()) + "; see lockstep status");
        long differing = pipeline.lag.proof().openMismatches();
        if (differing > 0) return Optional.of(WAY_BACK + differing + " rows differ");
        int scanned = pipeline.scanner.view().differences().size();
        return scanned == 0
                ? Optional.empty()
                : Optional.of(WAY_BACK + "the scan found " + scanned + " rows that differ");
    }
}
