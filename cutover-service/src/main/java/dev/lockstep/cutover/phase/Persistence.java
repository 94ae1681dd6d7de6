package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.message.Barrier.Direction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** For steps that must not be left undone: tries again and again while there is patience. */
final class Persistence {

    private static final Logger LOG = LoggerFactory.getLogger(Persistence.class);

    private final Patience patience;

    Persistence(Patience patience) {
        this.patience = patience;
    }

    /**
     * Runs a step that may be repeated until it succeeds once.
     *
     * @throws UnfinishedException if patience ends before
     */
    void insist(String what, Runnable step) {
        while (true) {
            try {
                step.run();
                return;
            } catch (FencedOffException | JournalException e) {
                throw e; // not a matter of time
            } catch (RuntimeException e) {
                tryAgain("cannot " + what + ": " + message(e), e);
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
            throw new UnfinishedException(trouble + "; writes may be standing still: mend it and resume", cause);
    }

    static FlipResult look(Traffic traffic, Direction direction) {
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
