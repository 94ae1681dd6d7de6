package dev.lockstep.cutover.phase;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * What a move of the traffic that came to its end was like.
 *
 * @param writePause from the moment before the one side's fence was raised until the other took writes, to the millisecond; after a crash
 *     in between an upper bound
 * @param proof what was proven equal before the flip
 * @param dns what the flip changed
 */
public record Moved(Duration writePause, LastProof proof, DnsChange dns) {

    public Moved {
        writePause = writePause.truncatedTo(ChronoUnit.MILLIS);
    }
}
