package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.flip.DnsPlan;
import dev.lockstep.cutover.flip.UnsafePlanException;
import dev.lockstep.cutover.forecast.Drill;
import dev.lockstep.cutover.forecast.Forecast;
import dev.lockstep.cutover.forecast.KeptActs;
import dev.lockstep.cutover.forecast.Plan;
import dev.lockstep.cutover.gate.GateResult;
import dev.lockstep.cutover.gate.Proof;
import dev.lockstep.cutover.gate.Verdict;
import dev.lockstep.cutover.phase.Deadline;
import dev.lockstep.cutover.phase.OnTarget;
import dev.lockstep.cutover.phase.Open;
import dev.lockstep.cutover.phase.Phase;
import dev.lockstep.cutover.phase.PhaseName;
import dev.lockstep.cutover.phase.PhaseOwner;
import dev.lockstep.cutover.phase.Rest;
import dev.lockstep.cutover.phase.RolledBack;
import dev.lockstep.cutover.phase.Transition;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tries the next move, a cutover or a rollback, without stopping anybody's writes, and foretells it. Never while one is under way. */
final class Rehearsal {

    static final int MOST_DRILLS = 20;

    /** All drills of one rehearsal: whoever asked is waiting. */
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private static final Duration POLL = Duration.ofMillis(5); // as the real move does

    private final Migration migration;
    private final PhaseOwner owner;
    private final Pipeline pipeline;
    private final Cutovers cutovers;
    private final KeptActs acts;
    private final Clock clock;
    private volatile @Nullable Forecast newest;

    Rehearsal(Migration migration, PhaseOwner owner, Pipeline pipeline, Cutovers cutovers, KeptActs acts, Clock clock) {
        this.migration = migration;
        this.owner = owner;
        this.pipeline = pipeline;
        this.cutovers = cutovers;
        this.acts = acts;
        this.clock = clock;
    }

    /** The newest forecast that this process has made. */
    Optional<Forecast> newest() {
        return Optional.ofNullable(newest);
    }

    /**
     * Drills, and foretells the move from the phase as it is.
     *
     * @param runs how many drills; what stands in their way ends them early, and the forecast says so
     * @param gates as they were judged last
     * @throws IllegalStateException if no move can be rehearsed in this phase
     */
    synchronized Forecast rehearse(int runs, List<GateResult> gates) {
        Phase phase = owner.current();
        if (phase.name() != PhaseName.FOLLOWING && !(phase instanceof OnTarget))
            throw new IllegalStateException("the migration is in phase " + phase.name()
                    + "; a cutover is rehearsed in FOLLOWING, a rollback in OPEN or SOAKING");
        if (runs < 1 || runs > MOST_DRILLS)
            throw new IllegalArgumentException("runs: from 1 to " + MOST_DRILLS + ", not " + runs);
        List<Drill> drills = new ArrayList<>();
        String trouble = "";
        Deadline end = Deadline.in(clock, PATIENCE);
        try {
            while (drills.size() < runs && !end.isPast()) drills.add(drill(phase, end));
            if (drills.size() < runs) trouble = "the drills took longer than " + PATIENCE.toSeconds() + " s";
        } catch (RuntimeException e) {
            trouble = String.valueOf(e.getMessage());
        }
        Forecast forecast = Forecast.of(
                plan(phase.direction()), drills, trouble, acts, earlier(phase.direction()), gates, clock.instant());
        newest = forecast;
        return forecast;
    }

    private Drill drill(Phase phase, Deadline end) {
        Instant begun = clock.instant();
        long barrier = owner.during(phase, this::write); // never behind a move's last one
        await(end, "applied", () -> pipeline.streams.appliers().progress().barrierMicros() >= barrier);
        Instant applied = clock.instant();
        await(end, "proven on every table", () -> isProven(barrier));
        Instant proven = clock.instant();
        return new Drill(
                Duration.between(begun, applied),
                Duration.between(applied, proven),
                turn(end),
                took(() -> cutovers.lookAtFence(phase.direction().origin())),
                migration.dns().isEmpty() ? Optional.empty() : Optional.of(took(() -> dns(phase.direction()))));
    }

    private long write() {
        try {
            return pipeline.streams.write();
        } catch (SQLException e) {
            throw new PipelineException("no barrier can be written: " + e.getMessage());
        }
    }

    private void await(Deadline end, String what, BooleanSupplier reached) {
        while (!reached.getAsBoolean()) {
            if (end.isPast())
                throw new PipelineException("a barrier was not " + what + " in time; see lockstep status");
            Rest.sleeping().rest(POLL);
        }
    }

    private boolean isProven(long barrier) {
        List<TableVerdict> complete = pipeline.lag.proof().complete();
        if (complete.isEmpty() || complete.get(0).getBarrierMicros() < barrier) return false;
        Proof proof = new Proof(complete.get(0).getBarrierMicros(), complete);
        if (proof.covers(cutovers.provenIds()) instanceof Verdict.Closed closed)
            throw new PipelineException(closed.reason());
        return proof.covers(cutovers.provenIds()).isOpen();
    }

    private Optional<Duration> turn(Deadline end) {
        if (!migration.cutover().keepsWayBack()) return Optional.empty();
        return Optional.of(took(() -> pipeline.streams.mark(end)));
    }

    private Duration took(Runnable act) {
        Instant begun = clock.instant();
        act.run();
        return Duration.between(begun, clock.instant());
    }

    private List<String> dns(Direction direction) {
        try {
            return cutovers.dnsPlans(direction).stream()
                    .flatMap(plan -> plan.lines().stream())
                    .toList();
        } catch (UnsafePlanException e) {
            return List.of("NOT SAFE as it is now: " + e.getMessage());
        }
    }

    private Optional<Duration> ttl(Direction direction) {
        try {
            return cutovers.dnsPlans(direction).stream().map(DnsPlan::drainTime).max(Comparator.naturalOrder());
        } catch (UnsafePlanException e) {
            return Optional.empty();
        }
    }

    private List<String> servers() {
        return migration.dns().stream()
                .flatMap(zone -> zone.servers().isEmpty()
                        ? Stream.of("every authoritative server of " + zone.zone())
                        : zone.servers().stream())
                .toList();
    }

    private Plan plan(Direction direction) {
        return new Plan(
                direction,
                where(direction.origin()),
                where(direction.destination()),
                Optional.ofNullable(migration.cutover().applicationUser()),
                cutovers.provenIds().stream().sorted().toList(),
                counters(direction),
                dns(direction),
                servers(),
                ttl(direction),
                migration.cutover().writePauseBudget(),
                migration.cutover().keepsWayBack());
    }

    private String where(Side side) {
        Endpoint endpoint = migration.on(side);
        return endpoint.dialect().engine() + " " + endpoint.host() + ":" + endpoint.port() + "/" + endpoint.database();
    }

    private List<String> counters(Direction direction) {
        try {
            return cutovers.counters(direction).stream()
                    .map(counter -> counter.name() + " " + counter.origin() + " (now "
                            + (counter.destination().isPresent()
                                    ? counter.destination().getAsLong()
                                    : "without a counter")
                            + ")")
                    .toList();
        } catch (SQLException e) {
            return List.of("which cannot be read now: " + e.getMessage());
        }
    }

    /** Write pauses of the moves that came to their end this way. */
    private List<Long> earlier(Direction direction) {
        return owner.history().stream()
                .map(Transition::phase)
                .flatMap(phase -> direction == Direction.FORWARD ? cutoverOf(phase) : rollbackOf(phase))
                .toList();
    }

    private static Stream<Long> cutoverOf(Phase phase) {
        return phase instanceof Open open ? Stream.of(open.moved().writePause().toMillis()) : Stream.empty();
    }

    private static Stream<Long> rollbackOf(Phase phase) {
        return phase instanceof RolledBack back
                ? Stream.of(back.back().writePause().toMillis())
                : Stream.empty();
    }
}
