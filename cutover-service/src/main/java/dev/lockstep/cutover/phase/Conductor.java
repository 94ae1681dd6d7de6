package dev.lockstep.cutover.phase;

import dev.lockstep.cutover.gate.Proof;
import dev.lockstep.cutover.gate.Units;
import dev.lockstep.schemas.migration.Migration.CutoverRules;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cutover's runbook. It guarantees that
 *
 * <ul>
 *   <li>the two sides are never both writable by its doing;
 *   <li>the flip is sent only when every table is proven equal at a barrier written after the source's fence held;
 *   <li>whatever fails before the flip is sent, the write pause's budget included, gives the writes back to the source;
 *   <li>once the flip may have been sent, the source stays fenced until it is known how it ended;
 *   <li>after a crash at any point {@link #resume()} brings the migration to one of these ends.
 * </ul>
 *
 * One conductor acts at a time; the journal fences off another controller's before its next act.
 */
public final class Conductor {

    private static final Logger LOG = LoggerFactory.getLogger(Conductor.class);

    private final PhaseOwner owner;
    private final CutoverPorts ports;
    private final CutoverRules rules;
    private final Clock clock;
    private final Drain drain;
    private final Persistence persistence;

    public Conductor(PhaseOwner owner, CutoverPorts ports, CutoverRules rules, Clock clock, Rest rest) {
        this.owner = owner;
        this.ports = ports;
        this.rules = rules;
        this.clock = clock;
        this.drain = new Drain(ports, rest);
        this.persistence = new Persistence(clock, rest);
    }

    /**
     * Moves the traffic from the source to the target. The phase is READY before.
     *
     * @return {@link Open}; or {@link Following} where it was aborted, the reason in the owner's history
     * @throws UnfinishedException if it can go neither back nor forward now
     * @throws FencedOffException if another controller has taken over
     * @throws JournalException if the journal fails; start again to go on
     */
    public synchronized Phase run() {
        if (!(owner.current() instanceof Ready ready))
            throw new IllegalStateException(
                    "a cutover begins in phase READY, not " + owner.current().name());
        Deadline budget;
        Drained drained;
        try {
            ports.target().stop();
            budget = Deadline.in(clock, rules.writePauseBudget());
            Fenced fenced = fence(ready);
            Proof proof = drain.await(ports.barriers().writeLast(), budget);
            ports.sequences().advance();
            drained = drained(fenced, proof, budget);
        } catch (RuntimeException e) {
            return abort(e);
        }
        return settle(drained, flip(budget), true);
    }

    /**
     * Goes on from where the journal ends, after a look at the world. To be called on every start, and again after
     * {@link UnfinishedException}. A phase in which nothing was under way stays as it is.
     *
     * @throws UnfinishedException as {@link #run()} does, and so for the others
     */
    public synchronized Phase resume() {
        Phase phase = owner.current();
        return switch (phase.name()) {
            case FOLLOWING -> unfence((Following) phase);
            case READY -> abort((Ready) phase, "started again: the gates must hold anew");
            case FENCED -> abort((Fenced) phase, "started again before all was drained");
            case DRAINED -> settle((Drained) phase, Persistence.look(ports.traffic()), false);
            case FLIPPED -> open((Flipped) phase, false);
            case PREPARED, COPYING, OPEN, SOAKING, ROLLED_BACK, FINISHED -> phase;
        };
    }

    private Fenced fence(Ready ready) {
        Fenced fenced = owner.enter(ready, ready.fenced(clock.instant()), "cutover begins");
        ports.source().stop();
        return fenced;
    }

    private Drained drained(Fenced fenced, Proof proof, Deadline budget) {
        checkBudget(budget);
        LastProof last = LastProof.of(proof);
        return owner.enter(
                fenced,
                fenced.drained(clock.instant(), last),
                last.tables() + " tables proven equal at barrier " + proof.barrier());
    }

    private FlipResult flip(Deadline budget) {
        try {
            if (!ports.source().stopped()) throw new StepFailedException("the source's fence has fallen");
            checkBudget(budget);
        } catch (RuntimeException e) {
            return new FlipResult.NotDone(Persistence.message(e));
        }
        try {
            return ports.traffic().flip(budget);
        } catch (RuntimeException e) {
            return new FlipResult.Unsettled(Persistence.message(e)); // sent or not: reading tells
        }
    }

    /**
     * @param watched this process has fenced the source and seen all since; otherwise its fence may have had a gap
     */
    private Phase settle(Drained drained, FlipResult first, boolean watched) {
        FlipResult result = persistence.settle(ports.traffic(), first);
        if (result instanceof FlipResult.Done done) return open(flipped(drained, done), watched);
        return abort(drained, ((FlipResult.NotDone) result).reason());
    }

    private Flipped flipped(Drained drained, FlipResult.Done done) {
        return owner.enter(drained, drained.flipped(clock.instant(), done.dns()), "DNS names the target");
    }

    private Open open(Flipped flipped, boolean watched) {
        Opening opening = new Opening(owner, ports, drain, clock, flipped, watched);
        persistence.insist("open the target", opening::attempt);
        Open open = opening.reached().opened(clock.instant());
        return owner.enter(opening.reached(), open, "writes stood still for " + Units.of(open.writePause()));
    }

    private Phase abort(RuntimeException failure) {
        // Fenced off: the world is the other controller's now. Not abortable: the cutover had not begun.
        if (failure instanceof FencedOffException || !(owner.current() instanceof Abortable reached)) throw failure;
        LOG.warn("cutover aborts: phase={}", reached.name(), failure);
        return abort(reached, Persistence.message(failure));
    }

    private Following abort(Abortable reached, String reason) {
        try {
            return unfence(owner.enter(reached, reached.abort(clock.instant()), reason));
        } catch (JournalException e) {
            // Writes do not wait for the journal. It still tells of a fence, which the next start lowers again.
            unfence(reached.abort(clock.instant()));
            throw e;
        }
    }

    private Following unfence(Following following) {
        if (following.unfence()) persistence.insist("lower the source's fence", ports.source()::allow);
        return following;
    }

    private void checkBudget(Deadline budget) {
        if (budget.isPast())
            throw new StepFailedException(
                    "the write pause's budget of " + Units.of(rules.writePauseBudget()) + " is spent");
    }
}
