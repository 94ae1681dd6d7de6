package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.message.Barrier.Direction;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** For steps that must not be left undone: tries again and again while there is patience. */
final class Persistence {

    private static final Logger LOG = LoggerFactory.getLogger(Persistence.class);

    private static final int ATTEMPTS_WITHOUT_JOURNAL = 25;

    /** By a clock that nobody sets. An attempt that began before is ended. */
    private static final Duration WITHOUT_JOURNAL = Duration.ofSeconds(10);

    private final PhaseOwner owner;
    private final Patience patience;

    Persistence(PhaseOwner owner, Patience patience) {
        this.owner = owner;
        this.patience = patience;
    }

    /**
     * Runs a step that may be repeated until it succeeds once. Each time but the first the journal is asked before whether this controller is still
     * in charge: one that was cut off for long would undo what its successor has done.
     *
     * @throws UnfinishedException if patience ends before
     */
    void insist(String what, Runnable step) {
        for (boolean again = false; ; again = true) {
            try {
                if (again) owner.confirm();
                step.run();
                return;
            } catch (FencedOffException | JournalException e) {
                throw e; // not a matter of time
            } catch (RuntimeException e) {
                tryAgain("cannot " + what + ": " + message(e), e);
            }
        }
    }

    /** The same without a journal to ask, so only for as long as nobody can have taken over and got far. What is left undone the next start does. */
    void insistBriefly(String what, Runnable step) {
        long end = System.nanoTime() + WITHOUT_JOURNAL.toNanos();
        for (int attempts = 1; ; attempts++) {
            try {
                step.run();
                return;
            } catch (RuntimeException e) {
                String trouble = "cannot " + what + ": " + message(e);
                LOG.warn("tries again: {}", trouble);
                if (attempts == ATTEMPTS_WITHOUT_JOURNAL || !patience.lasts(trouble) || System.nanoTime() > end) return;
            }
        }
    }

    /**
     * Reads until it is known how the flip ended.
     *
     * @throws UnfinishedException if patience ends before
     */
    FlipResult settle(Traffic traffic, Direction direction, FlipResult first) {
        FlipResult result = first;
        while (result instanceof FlipResult.Unsettled unsettled) {
            tryAgain(
                    "cannot settle whether DNS has flipped: " + unsettled.reason(),
                    new StepFailedException(unsettled.reason()));
            result = look(traffic, direction);
        }
        return result;
    }

    private void tryAgain(String trouble, RuntimeException cause) {
        LOG.warn("tries again: {}", trouble);
        if (!patience.lasts(trouble))
            throw new UnfinishedException(
                    trouble + "; writes may be standing still: mend it, and start `lockstep run` again", cause);
    }

    /** May take back what only half moved: so the journal is asked before, as {@link #insist} does. */
    FlipResult look(Traffic traffic, Direction direction) {
        owner.confirm();
        try {
            return traffic.look(direction);
        } catch (RuntimeException e) {
            return new FlipResult.Unsettled(message(e));
        }
    }

    static String message(RuntimeException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
