package dev.lockstep.cutover.phase;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Watched after the cutover, with the way back open. */
public record Soaking(Instant at, Duration writePause, LastProof proof, DnsChange dns) implements Phase {

    public Soaking {
        at = at.truncatedTo(ChronoUnit.MICROS);
        writePause = writePause.truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public PhaseName name() {
        return PhaseName.SOAKING;
    }

    public Finished finished(Instant at) {
        return new Finished(at);
    }

    public RolledBack rolledBack(Instant at) {
        return new RolledBack(at);
    }
}
