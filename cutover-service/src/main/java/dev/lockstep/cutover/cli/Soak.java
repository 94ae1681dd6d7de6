package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.gate.Proof;
import dev.lockstep.cutover.gate.Units;
import dev.lockstep.cutover.phase.Conductor;
import dev.lockstep.cutover.phase.OnTarget;
import dev.lockstep.cutover.phase.Open;
import dev.lockstep.cutover.phase.Phase;
import dev.lockstep.cutover.phase.PhaseName;
import dev.lockstep.cutover.phase.PhaseOwner;
import dev.lockstep.cutover.phase.Soaking;
import dev.lockstep.cutover.watch.Triggers.Decision;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.migration.Migration.CutoverRules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What goes on while the application writes on the target: the way back is kept and proven, and taken or given up when somebody says so. */
final class Soak {

    private static final String WAY_BACK = "the way back is not open: ";

    private final PhaseOwner owner;
    private final Conductor conductor;
    private final Pipeline pipeline;
    private final CutoverRules rules;
    private final Set<String> tables;
    private final SoakWatch watch;
    private final Clock clock;
    private final AtomicReference<@Nullable Asked> rollback = new AtomicReference<>();
    private final AtomicReference<@Nullable String> finish = new AtomicReference<>();

    private record Asked(String by, Instant at) {}

    Soak(
            PhaseOwner owner,
            Conductor conductor,
            Pipeline pipeline,
            CutoverRules rules,
            Set<String> tables,
            SoakWatch watch,
            Clock clock) {
        this.owner = owner;
        this.conductor = conductor;
        this.pipeline = pipeline;
        this.rules = rules;
        this.tables = tables;
        this.watch = watch;
        this.clock = clock;
    }

    /** Goes on from there if something is due; otherwise it stays. */
    Phase step(OnTarget phase) {
        Asked back = rollback.getAndSet(null);
        String end = finish.getAndSet(null);
        if (back != null && !back.at().isBefore(begun())) return rollBack("rollback, asked for by " + back.by());
        if (watch.look(closed(WAY_BACK)) instanceof Decision.RollBack trigger)
            return rollBack("rollback by itself: " + trigger.reason());
        if (phase instanceof Open open && isProven(open))
            return owner.enter(
                    open, open.soaking(clock.instant()), "what is written on the target is proven on the source");
        if (end != null) return owner.enter(phase, phase.finished(clock.instant()), "asked for by " + end);
        return phase;
    }

    /** Of the cutover that stands. What was asked for in an earlier one, that one has seen to. */
    private Instant begun() {
        return owner.lastEntered(PhaseName.READY).orElse(Instant.MIN);
    }

    private Phase rollBack(String reason) {
        pipeline.scanner.hold();
        return conductor.rollBack(reason);
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
        Optional<String> closed = closed(WAY_BACK);
        if (closed.isEmpty()) rollBackOnceOpen(by);
        return closed;
    }

    /** The traffic goes back as soon as it has got to the target, whatever the lag is then. */
    void rollBackOnceOpen(String by) {
        rollback.set(new Asked(by, clock.instant().truncatedTo(ChronoUnit.MICROS)));
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

    /** Why what is written on the target is not on the source within the bounds; a pause for writes would not do then. */
    private Optional<String> closed(String what) {
        Optional<String> failure = pipeline.failure();
        if (failure.isPresent()) return Optional.of(what + failure.get());
        Optional<Duration> lag = pipeline.lag.view(rules.hold()).proven().now();
        if (lag.isEmpty()) return Optional.of(what + "its lag is not known yet");
        if (lag.get().compareTo(rules.maxProvenLag()) > 0)
            return Optional.of(what + "its proven lag of " + Units.of(lag.get()) + " exceeds "
                    + Units.of(rules.maxProvenLag()) + "; see lockstep status");
        long differing = pipeline.lag.proof().openMismatches();
        if (differing > 0) return Optional.of(what + differing + " rows differ");
        int scanned = pipeline.scanner.view().differences().size();
        return scanned == 0 ? Optional.empty() : Optional.of(what + "the scan found " + scanned + " rows that differ");
    }
}
