package dev.lockstep.cutover.phase;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The application writes on the target.
 *
 * @param at when the target took writes
 */
public record Open(Instant at, Moved moved) implements OnTarget {

    public Open {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public PhaseName name() {
        return PhaseName.OPEN;
    }

    /** What is written on the target is proven to be on the source, too. */
    public Soaking soaking(Instant at) {
        return new Soaking(at, moved, false);
    }

    @Override
    public Finished finished(Instant at) {
        return new Finished(at);
    }

    @Override
    public Fenced fenced(Instant at) {
        return new Fenced(at, moved);
    }
}
