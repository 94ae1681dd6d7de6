package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.message.Barrier.Direction;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * All gates have been open for the whole hold time.
 *
 * @param held for how long they had been open on entry
 */
public record Ready(Instant at, Duration held) implements Abortable {

    public Ready {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public PhaseName name() {
        return PhaseName.READY;
    }

    @Override
    public Direction direction() {
        return Direction.FORWARD;
    }

    /**
     * @param at before the fence is raised: the write pause counts from there
     */
    public Fenced fenced(Instant at) {
        return new Fenced(at, null);
    }

    /** A gate has closed. */
    @Override
    public Following abort(Instant at) {
        return new Following(at, false);
    }
}
