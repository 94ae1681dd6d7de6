package dev.lockstep.cutover.phase;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The application writes on the target.
 *
 * @param writePause from the moment before the source's fence was raised until the target took writes, to the millisecond; after a crash
 *     in between an upper bound
 */
public record Open(Instant at, Duration writePause, LastProof proof, DnsChange dns) implements Phase {

    public Open {
        at = at.truncatedTo(ChronoUnit.MICROS);
        writePause = writePause.truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public PhaseName name() {
        return PhaseName.OPEN;
    }

    public Soaking soaking(Instant at) {
        return new Soaking(at, writePause, proof, dns);
    }

    public RolledBack rolledBack(Instant at) {
        return new RolledBack(at);
    }
}
