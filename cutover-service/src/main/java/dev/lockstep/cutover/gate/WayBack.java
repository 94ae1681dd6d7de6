package dev.lockstep.cutover.gate;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether the traffic could go back once it has moved.
 *
 * @param wanted whether the migration has a way back at all
 * @param rehearsed how long ago the newest barrier was sent that has come from the target to the source; empty: none has
 * @param trouble why none comes, if that is known
 */
public record WayBack(boolean wanted, Optional<Duration> rehearsed, Optional<String> trouble) {

    /** Between two trials and on their way. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    Verdict verdict() {
        String reason = trouble.map(found -> ": " + found).orElse("");
        if (rehearsed.isEmpty()) return new Verdict.Unknown("the way back has not been rehearsed yet" + reason);
        return rehearsed.get().compareTo(LIMIT) <= 0
                ? Verdict.OPEN
                : new Verdict.Closed(
                        "the way back does not work: the newest barrier from the target to the source was sent "
                                + Units.of(rehearsed.get()) + " ago" + reason);
    }
}
