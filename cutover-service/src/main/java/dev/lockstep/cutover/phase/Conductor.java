package dev.lockstep.cutover.phase;

import dev.lockstep.cutover.gate.Proof;
import dev.lockstep.cutover.gate.Units;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.Migration.CutoverRules;
import java.time.Clock;
import java.time.Instant;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runbook by which the traffic moves: in a cutover from the source to the target, in a rollback back. It guarantees that
 *
 * <ul>
 *   <li>the two sides are never both writable by its doing;
 *   <li>the flip is sent only when every table is proven equal at a barrier written after the origin's fence held;
 *   <li>whatever fails before the flip is sent, the write pause's budget included, gives the writes back to where they were;
 *   <li>once the flip may have been sent, the origin stays fenced until it is known how it ended;
 *   <li>the way back begins exactly behind what was carried there, before the first write that it has to carry;
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
    private final Recall recall = new Recall();

    /**
     * @param rest between two looks at the last barrier's proof
     * @param patience for steps that must not be left undone
     */
    public Conductor(
            PhaseOwner owner, CutoverPorts ports, CutoverRules rules, Clock clock, Rest rest, Patience patience) {
        this.owner = owner;
        this.ports = ports;
        this.rules = rules;
        this.clock = clock;
        this.drain = new Drain(ports, rest);
        this.persistence = new Persistence(owner, patience);
    }

    /**
     * Moves the traffic from the source to the target. The phase is READY before.
     *
     * @return {@link Open}; or {@link Following} where it was aborted, the reason in the owner's history
     * @throws UnfinishedException if patience ends where it can go neither back nor forward
     * @throws FencedOffException if another controller has taken over
     * @throws JournalException if the journal fails; start again to go on
     */
    public synchronized Phase run() {
        if (!(owner.current() instanceof Ready ready))
            throw new IllegalStateException(
                    "a cutover begins in phase READY, not " + owner.current().name());
        try {
            ports.target().stop(); // what takes long is done before the pause
            ports.source().settle(() -> recall.check(ready.at()));
            ports.clearance().require(Direction.FORWARD); // gates may have closed meanwhile
            recall.check(ready.at());
        } catch (RuntimeException e) {
            return abort(e);
        }
        return move(owner.enter(ready, ready.fenced(clock.instant()), "cutover begins"), ready.at());
    }

    /**
     * Moves the traffic back from the target to the source, with all that was written on the target. The phase is OPEN or SOAKING before.
     *
     * @param reason for the journal: who or what wants it
     * @return {@link RolledBack}; or {@link Soaking} where it was aborted, the reason in the owner's history
     * @throws NotClearedException if it cannot begin; nothing has been done
     * @throws RuntimeException as {@link #run()} does
     */
    public synchronized Phase rollBack(String reason) {
        if (!(owner.current() instanceof OnTarget moved))
            throw new IllegalStateException("a rollback begins in phase OPEN or SOAKING, not "
                    + owner.current().name());
        ports.clearance().require(Direction.REVERSE);
        Fenced fenced = owner.enter(moved, moved.fenced(clock.instant()), reason);
        return move(fenced, fenced.at());
    }

    /**
     * Gives a cutover under way up, from any thread. It is under way from READY on; one that begins later is not meant.
     *
     * @param by who asks
     * @return whether it is given up; if not, the flip may be sent, or has been
     */
    public boolean giveUp(String by) {
        boolean inTime = recall.giveUp(by, owner.lastEntered(PhaseName.READY).orElse(Instant.MIN));
        PhaseName reached = owner.current().name(); // only now: what is given up in time gets to none of these
        return inTime && reached != PhaseName.DRAINED && reached != PhaseName.FLIPPED && !reached.isOnTarget();
    }

    /**
     * @param since when the move began
     */
    private Phase move(Fenced fenced, Instant since) {
        Direction direction = fenced.direction();
        Deadline budget = new Deadline(clock, fenced.at().plus(rules.writePauseBudget()));
        Drained drained;
        try {
            if (direction == Direction.REVERSE) ports.source().stop(); // as it has been since the cutover
            ports.on(direction.origin()).stop();
            Proof proof = drain.awaitLast(direction, budget, () -> recall.check(since));
            recall.checkAtLast(since);
            drained = drained(fenced, proof, budget);
        } catch (RuntimeException e) {
            return abort(e);
        } finally {
            recall.over();
        }
        return settle(drained, flip(direction, budget), true);
    }

    /**
     * Goes on from where the journal ends, after a look at the world. To be called on every start, and again after
     * {@link UnfinishedException}. A phase in which nothing was under way stays as it is.
     *
     * @throws UnfinishedException as {@link #run()} does, and so for the others
     */
    public synchronized Phase resume() {
        Phase phase = owner.current();
        carryAsIn(phase);
        return switch (phase.name()) {
            case FOLLOWING, SOAKING -> unfence(phase, persistence::insist);
            case READY -> abort((Ready) phase, "started again: the gates must hold anew");
            case FENCED -> abort((Fenced) phase, "started again before all was drained");
            case DRAINED -> settle((Drained) phase, persistence.look(ports.traffic(), phase.direction()), false);
            case FLIPPED -> open((Flipped) phase, false);
            case PREPARED, COPYING, OPEN, ROLLED_BACK, FINISHED -> phase;
        };
    }

    private void carryAsIn(Phase phase) {
        // whether FLIPPED has turned, a look at the world tells
        if (phase.name() != PhaseName.FLIPPED && phase.name() != PhaseName.FINISHED)
            ports.flow().carry(phase.direction());
    }

    private Drained drained(Fenced fenced, Proof proof, Deadline budget) {
        checkBudget(budget);
        LastProof last = LastProof.of(proof);
        return owner.enter(
                fenced,
                fenced.drained(clock.instant(), last),
                last.tables() + " tables proven equal at barrier " + proof.barrier());
    }

    private FlipResult flip(Direction direction, Deadline budget) {
        try {
            if (!ports.on(direction.origin()).stopped())
                throw new StepFailedException("the " + direction.origin().label() + "'s fence has fallen");
            checkBudget(budget);
        } catch (RuntimeException e) {
            return new FlipResult.NotDone(Persistence.message(e));
        }
        try {
            return ports.traffic().flip(direction, budget);
        } catch (RuntimeException e) {
            return new FlipResult.Unsettled(Persistence.message(e)); // sent or not: reading tells
        }
    }

    /**
     * @param watched this process has fenced the origin and seen all since; otherwise its fence may have had a gap
     */
    private Phase settle(Drained drained, FlipResult first, boolean watched) {
        FlipResult result = persistence.settle(ports.traffic(), drained.direction(), first);
        if (result instanceof FlipResult.Done done) return open(flipped(drained, done), watched);
        return abort(drained, ((FlipResult.NotDone) result).reason());
    }

    private Flipped flipped(Drained drained, FlipResult.Done done) {
        String side = drained.direction().destination().label();
        return owner.enter(drained, drained.flipped(clock.instant(), done.dns()), "DNS names the " + side);
    }

    private Phase open(Flipped flipped, boolean watched) {
        Opening opening = new Opening(owner, ports, drain, clock, flipped, watched);
        String side = flipped.direction().destination().label();
        persistence.insist("open the " + side, opening::attempt);
        if (flipped.direction() == Direction.REVERSE) {
            RolledBack back = opening.reached().rolledBack(clock.instant());
            return owner.enter(opening.reached(), back, stoodStill(back.back()));
        }
        Open open = opening.reached().opened(clock.instant());
        return owner.enter(opening.reached(), open, stoodStill(open.moved()));
    }

    private static String stoodStill(Moved moved) {
        return "writes stood still for " + Units.of(moved.writePause());
    }

    private Phase abort(RuntimeException failure) {
        // Fenced off: the world is the other controller's now. Not abortable: nothing had begun.
        if (failure instanceof FencedOffException || !(owner.current() instanceof Abortable reached)) throw failure;
        LOG.warn("aborts: phase={} direction={}", reached.name(), reached.direction(), failure);
        return abort(reached, Persistence.message(failure));
    }

    private Phase abort(Abortable reached, String reason) {
        Phase back = reached.abort(clock.instant());
        try {
            owner.enter(reached, back, reason);
            unfence(back, persistence::insist);
        } catch (JournalException e) {
            // Writes do not wait for the journal. It still tells of a fence, which the next start lowers again.
            unfence(back, persistence::insistBriefly);
            throw e;
        }
        ports.flow().carry(reached.direction());
        return back;
    }

    private Phase unfence(Phase back, BiConsumer<String, Runnable> how) {
        if (back instanceof Following following && following.unfence())
            how.accept("lower the source's fence", ports.source()::allow);
        if (back instanceof Soaking soaking && soaking.unfence())
            how.accept("lower the target's fence", ports.target()::allow);
        return back;
    }

    private void checkBudget(Deadline budget) {
        if (budget.isPast())
            throw new StepFailedException(
                    "the write pause's budget of " + Units.of(rules.writePauseBudget()) + " is spent");
    }
}
