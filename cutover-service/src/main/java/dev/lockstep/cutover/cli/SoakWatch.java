package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.phase.OnTarget;
import dev.lockstep.cutover.phase.PhaseName;
import dev.lockstep.cutover.phase.PhaseOwner;
import dev.lockstep.cutover.phase.Transition;
import dev.lockstep.cutover.watch.Least;
import dev.lockstep.cutover.watch.OperatorCheck;
import dev.lockstep.cutover.watch.StragglerWatch;
import dev.lockstep.cutover.watch.Stragglers;
import dev.lockstep.cutover.watch.Triggers;
import dev.lockstep.cutover.watch.Triggers.Decision;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.SoakRules.CheckRules;
import dev.lockstep.stream.lag.ProofView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is watched while the application writes on the target, and what it speaks for. */
final class SoakWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SoakWatch.class);

    /** After which a sample of the stragglers, one every two seconds, says nothing of now. */
    private static final Duration STALE = Duration.ofSeconds(5);

    private final Migration migration;
    private final PhaseOwner owner;
    private final Pipeline pipeline;
    private final Clock clock;
    private final StragglerWatch stragglers;
    private final @Nullable OperatorCheck check;
    private final Least<Duration> lag;
    private final Least<Integer> sessions;
    private String told = "";
    private volatile String alarm = "";

    SoakWatch(Migration migration, PhaseOwner owner, Pipeline pipeline, Clock clock) {
        this.migration = migration;
        this.owner = owner;
        this.pipeline = pipeline;
        this.clock = clock;
        CheckRules rules = migration.soak().check();
        stragglers = StragglerWatch.start(migration.source(), clock);
        lag = new Least<>(migration.soak().rollbackOn().lasting());
        sessions = new Least<>(migration.soak().rollbackOn().lasting());
        check = rules == null ? null : OperatorCheck.start(rules, clock);
    }

    /** Watches in those phases, and in no other. To be called again and again. */
    void tend() {
        boolean on = owner.current() instanceof OnTarget;
        stragglers.watch(on);
        if (check != null) check.watch(on);
        if (on) return;
        lag.forget();
        sessions.forget();
        told = alarm = "";
    }

    /**
     * What is to be done. What somebody should know is journaled, once until it is over.
     *
     * @param closed why the traffic cannot go back now
     */
    Decision look(Optional<String> closed) {
        ProofView proof = pipeline.lag.proof();
        Instant now = clock.instant();
        Decision decision = Triggers.decide(
                new Triggers.Seen(
                        lag.of(
                                pipeline.lag
                                        .view(migration.cutover().hold())
                                        .proven()
                                        .now(),
                                now),
                        proof.known() ? OptionalLong.of(proof.openMismatches()) : OptionalLong.empty(),
                        pipeline.scanner.view().differences().size(),
                        sessions.of(
                                stragglers
                                        .seen()
                                        .filter(seen -> seen.trouble().isEmpty()
                                                && seen.at().isAfter(now.minus(STALE)))
                                        .map(Stragglers::sessions),
                                now),
                        Duration.between(opened().orElse(now), now),
                        Optional.ofNullable(check).flatMap(OperatorCheck::state),
                        closed,
                        hasTried()),
                migration.soak());
        tell(decision);
        return decision;
    }

    private void tell(Decision decision) {
        alarm = decision.reason();
        String kinds = decision instanceof Decision.Tell tell ? tell.kinds() : "";
        if (!kinds.isEmpty() && !kinds.equals(told)) {
            owner.note("while soaking: " + alarm, Map.of());
            LOG.warn("while soaking: {}", alarm);
        }
        told = kinds;
    }

    /** When the target took the application's writes, in the cutover that stands. */
    Optional<Instant> opened() {
        return owner.lastEntered(PhaseName.OPEN);
    }

    /** Every try pauses the application's writes, so after one that was given up somebody should look first. */
    private boolean hasTried() {
        Instant opened = opened().orElse(Instant.MAX);
        return owner.history().stream()
                .map(Transition::phase)
                .anyMatch(
                        phase -> phase.name() == PhaseName.FENCED && !phase.at().isBefore(opened));
    }

    /** Empty where the application does not write on the target. */
    Optional<Status.SoakStatus> status() {
        if (!(owner.current() instanceof OnTarget)) return Optional.empty();
        return opened().map(opened -> new Status.SoakStatus(
                opened,
                opened.plus(migration.soak().time()),
                SoakReports.names(migration.state(), opened),
                stragglers.seen().orElse(null),
                Optional.ofNullable(check).flatMap(OperatorCheck::state).orElse(null),
                alarm));
    }

    @Override
    public void close() {
        stragglers.close();
        if (check != null) check.close();
    }
}
