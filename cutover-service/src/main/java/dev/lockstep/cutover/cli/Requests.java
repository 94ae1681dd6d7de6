package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.CutoverRequest;
import dev.lockstep.cutover.phase.Conductor;
import dev.lockstep.cutover.phase.OnTarget;
import dev.lockstep.cutover.phase.Phase;
import dev.lockstep.cutover.phase.PhaseName;
import dev.lockstep.cutover.phase.PhaseOwner;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.row.RowKey;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator may ask of a migration that runs, from any thread. What cannot be done now is refused with the reason. */
final class Requests {

    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);
    private static final int JOURNALED_ROWS = 1000;

    private final Migration migration;
    private final PhaseOwner owner;
    private final Pipeline pipeline;
    private final Readiness readiness;
    private final Conductor conductor;
    private final Soak soak;
    private final SourceGuard sourceGuard;
    private final Clock clock;

    Requests(
            Migration migration,
            PhaseOwner owner,
            Pipeline pipeline,
            Readiness readiness,
            Conductor conductor,
            Soak soak,
            SourceGuard sourceGuard,
            Clock clock) {
        this.migration = migration;
        this.owner = owner;
        this.pipeline = pipeline;
        this.readiness = readiness;
        this.conductor = conductor;
        this.soak = soak;
        this.sourceGuard = sourceGuard;
        this.clock = clock;
    }

    /** Asks for the cutover, with nothing overridden. */
    Optional<String> cutover() {
        return cutover(new CutoverRequest(List.of(), "", "unknown"));
    }

    /** Asks for the cutover, as {@link Readiness#request} says. */
    Optional<String> cutover(CutoverRequest request) {
        return readiness.request(request);
    }

    /**
     * Asks for the traffic to stay on the source, or to go back there with all that was written on the target.
     *
     * @param by who asks
     * @return why it cannot now; empty: it will, at once or as soon as the step under way is done
     */
    Optional<String> rollback(String by) {
        boolean calledOff = readiness.callOff();
        Phase phase = owner.current();
        if (phase instanceof OnTarget && !migration.cutover().keepsWayBack())
            return Optional.of("the application writes on the target, and " + Streams.NO_WAY_BACK);
        if (phase instanceof OnTarget) return soak.requestRollback(by);
        if (phase.name().isMoving()) return giveUp(phase, by);
        try {
            boolean opened = MigrationRun.isUnderWay(phase) && sourceGuard.openAgain(phase);
            if (opened || calledOff) return Optional.empty();
        } catch (IllegalStateException e) {
            return Optional.of("the source may be closed to the application: " + e.getMessage());
        }
        return Optional.of("the migration is in phase " + phase.name()
                + ": the application writes on the source, and there is nothing to take back");
    }

    private Optional<String> giveUp(Phase phase, String by) {
        if (phase.direction() == Direction.REVERSE) return Optional.of("the traffic is on its way back already");
        if (conductor.giveUp(by)) return Optional.empty();
        if (!migration.cutover().keepsWayBack())
            return Optional.of("DNS may name the target by now, and " + Streams.NO_WAY_BACK);
        soak.rollBackOnceOpen(by);
        return Optional.empty();
    }

    /** Asks for the end, after which there is no way back; likewise. */
    Optional<String> finish(String by) {
        return soak.requestFinish(by);
    }

    /**
     * Gives the target no more changes until {@link MigrationRun#requestResume}.
     *
     * @param by who asks
     * @return why it cannot be paused now; empty: it is
     */
    Optional<String> pause(String by) {
        PhaseName phase = owner.current().name();
        if (phase.isMoving() || phase.isOnTarget())
            return Optional.of("the migration is in phase " + phase + ", where the application may be waiting");
        pipeline.hold(new Hold(by, clock.instant()));
        return Optional.empty();
    }

    /**
     * Writes the rows of the side on which the application writes over the other's, journaled before.
     *
     * @param by who asks
     * @throws PipelineException if it cannot be done in this phase, or changes do not flow
     */
    void repair(List<RowKey> rows, String by) throws Exception {
        PhaseName phase = owner.current().name();
        if (phase != PhaseName.FOLLOWING && !phase.isOnTarget())
            throw new PipelineException("the migration is in phase " + phase
                    + "; rows are repaired in FOLLOWING, and after the cutover in OPEN and SOAKING");
        Map<String, String> facts = new LinkedHashMap<>();
        for (RowKey row : rows.subList(0, Math.min(JOURNALED_ROWS, rows.size())))
            facts.put(row.table() + " " + row.display(), "");
        owner.note("repair of " + rows.size() + " rows, asked for by " + by, facts);
        pipeline.refresh(rows);
        LOG.info("repaired: migration={} rows={} by={}", migration.name(), rows.size(), by);
    }
}
