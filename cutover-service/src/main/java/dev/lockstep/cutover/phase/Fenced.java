package dev.lockstep.cutover.phase;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The source is being fenced, or is. The target was closed before.
 *
 * @param at before the fence was raised: the write pause counts from there
 */
public record Fenced(Instant at) implements Abortable {

    public Fenced {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public PhaseName name() {
        return PhaseName.FENCED;
    }

    public Drained drained(Instant at, LastProof proof) {
        return new Drained(at, this.at, proof);
    }

    @Override
    public Following abort(Instant at) {
        return new Following(at, true);
    }
}
