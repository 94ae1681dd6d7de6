package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.message.Barrier.Direction;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** For steps that must not be left undone: tries again and again while there is patience. */
final class Persistence {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Persistence.class);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Clock clock;
    private final Rest rest;

    Persistence(Clock clock, Rest rest) {
        this.clock = clock;
        this.rest = rest;
    }

    /**
     * Runs a step that may be repeated until it succeeds once.
     *
     * @throws UnfinishedException if it has not within the patience
     */
    void insist(String what, Runnable step) {
        Deadline patience = Deadline.in(clock, PATIENCE);
        while (true) {
            try {
                step.run();
                return;
            } catch (FencedOffException | JournalException e) {
                throw e; // not a matter of time
            } catch (RuntimeException e) {
                if (patience.isPast()) throw unfinished(what, message(e), e);
                LOG.warn("trying again: step={} error={}", what, message(e));
            }
            rest.rest(PAUSE);
        }
    }

    /**
     * Reads until it is known how the flip ended.
     *
     * @throws UnfinishedException if it is not known within the patience
     */
    FlipResult settle(Traffic traffic, Direction direction, FlipResult first) {
        FlipResult result = first;
        Deadline patience = Deadline.in(clock, PATIENCE);
        while (result instanceof FlipResult.Unsettled unsettled) {
            if (patience.isPast())
                throw unfinished("settle whether DNS has flipped", unsettled.reason(), new StepFailedException(""));
            LOG.warn("reading again whether DNS has flipped: reason={}", unsettled.reason());
            rest.rest(PAUSE);
            result = look(traffic, direction);
        }
        return result;
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

    private static UnfinishedException unfinished(String what, String why, RuntimeException cause) {
        return new UnfinishedException(
                "cannot " + what + ": " + why + "; writes may be standing still: mend it and resume", cause);
    }
}
