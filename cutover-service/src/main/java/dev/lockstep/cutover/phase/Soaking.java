package dev.lockstep.cutover.phase;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Watched after the cutover, with the way back open.
 *
 * @param unfence it comes from an aborted rollback, whose fence on the target is to be lowered, or has been
 */
public record Soaking(Instant at, Moved moved, boolean unfence) implements OnTarget {

    public Soaking {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public PhaseName name() {
        return PhaseName.SOAKING;
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
