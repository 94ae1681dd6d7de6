package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.avro.CutoverEvent;
import dev.lockstep.schemas.message.Micros;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one owner of the migration's phase. Every transition is checked, journaled, remembered and published, in this order: who sees a
 * phase can rely on the journal having it. Thread-safe.
 */
public final class PhaseOwner {

    private static final Logger LOG = LoggerFactory.getLogger(PhaseOwner.class);

    static final String NOTE = "NOTE";

    private final Journal journal;
    private final String migration;
    private final Clock clock;
    private final List<Transition> history = new CopyOnWriteArrayList<>();
    private final List<Consumer<Transition>> listeners = new CopyOnWriteArrayList<>();

    private PhaseOwner(Journal journal, String migration, Clock clock) {
        this.journal = journal;
        this.migration = migration;
        this.clock = clock;
    }

    /**
     * Restores what the journal tells; a migration without one begins as prepared.
     *
     * @throws JournalException if the journal cannot be read, or tells of another migration or of an illegal transition
     */
    public static PhaseOwner open(Journal journal, String migration, Clock clock) {
        PhaseOwner owner = new PhaseOwner(journal, migration, clock);
        journal.read().forEach(owner::restore);
        if (owner.history.isEmpty()) owner.record(new Transition(new Prepared(clock.instant()), "migration created"));
        return owner;
    }

    private void restore(CutoverEvent event) {
        if (event.getPhase().equals(NOTE)) return;
        if (!event.getMigration().equals(migration))
            throw new JournalException("the journal is of migration " + event.getMigration() + ", not of " + migration);
        Phase phase = PhaseEvents.toPhase(event);
        boolean legal = history.isEmpty()
                ? phase instanceof Prepared
                : current().name().exits().contains(phase.name());
        if (!legal)
            throw new JournalException("the journal tells of an illegal transition to " + phase.name() + " after "
                    + history.size() + " entries");
        history.add(new Transition(phase, event.getReason()));
    }

    public Phase current() {
        return history.get(history.size() - 1).phase();
    }

    /** Every phase entered, oldest first, over all restarts. */
    public List<Transition> history() {
        return List.copyOf(history);
    }

    /** When a phase was entered last, over all restarts; empty: it never was. */
    public Optional<Instant> lastEntered(PhaseName name) {
        return last(name).map(Phase::at);
    }

    /** A phase as it was entered last; likewise. */
    public Optional<Phase> last(PhaseName name) {
        return history.stream()
                .map(Transition::phase)
                .filter(phase -> phase.name() == name)
                .reduce((one, later) -> later);
    }

    /** Calls the listener after every transition, in order, on the thread that made it. It must not block. */
    public void onTransition(Consumer<Transition> listener) {
        listeners.add(listener);
    }

    /**
     * Goes on from one phase to the next.
     *
     * @param from the phase that the caller believes to be current, so that two who decide at once cannot both have their way
     * @param next made by one of its exits
     * @return next
     * @throws IllegalStateException if from is not current any more, or next may not follow it
     * @throws FencedOffException if another controller has taken over
     * @throws JournalException if the journal did not take it; the phase is as before
     */
    public synchronized <P extends Phase> P enter(Phase from, P next, String reason) {
        Phase current = current();
        if (!current.equals(from))
            throw new IllegalStateException("cannot go from " + from.name() + " to " + next.name() + ": the phase is "
                    + current.name() + " since " + current.at());
        if (!current.name().exits().contains(next.name()))
            throw new IllegalStateException("cannot go from " + current.name() + " to " + next.name());
        record(new Transition(next, reason));
        return next;
    }

    /**
     * Journals what somebody did that is no transition, before it is done.
     *
     * @param facts what of it is to be known later
     */
    public synchronized void note(String what, Map<String, String> facts) {
        journal.append(new CutoverEvent(migration, NOTE, Micros.of(clock.instant()), what, facts));
    }

    /**
     * Asks whether this controller still is the one in charge, before it acts long after its last entry.
     *
     * @throws FencedOffException if another controller has taken over
     * @throws JournalException if nobody knows
     */
    public synchronized void confirm() {
        journal.confirm();
    }

    /**
     * Does something that belongs in a phase, which is not left meanwhile. It must be short: whoever makes a transition waits.
     *
     * @throws IllegalStateException if it is not the phase any more
     */
    public synchronized <T> T during(Phase phase, Supplier<T> act) {
        Phase current = current();
        if (!current.equals(phase))
            throw new IllegalStateException("the phase is " + current.name() + " by now, not " + phase.name());
        return act.get();
    }

    private void record(Transition transition) {
        journal.append(PhaseEvents.toEvent(migration, transition.phase(), transition.reason()));
        history.add(transition);
        LOG.info(
                "phase entered: migration={} phase={} reason={}",
                migration,
                transition.phase().name(),
                transition.reason());
        for (Consumer<Transition> listener : listeners) publish(listener, transition);
    }

    private static void publish(Consumer<Transition> listener, Transition transition) {
        try {
            listener.accept(transition);
        } catch (RuntimeException e) {
            LOG.warn(
                    "a listener failed on a transition, which stands: phase={}",
                    transition.phase().name(),
                    e);
        }
    }
}
