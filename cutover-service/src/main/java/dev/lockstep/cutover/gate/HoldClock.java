package dev.lockstep.cutover.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * For how long all gates have been open without interruption. A gate that is closed or unknown begins it anew; so does a pause
 * between two looks that is longer than {@link #LONGEST_GAP}, as nobody knows what the gates were in it, and a clock set back.
 *
 * @param hold how long they must be open
 * @param since when they were first seen open
 * @param seenAt the last look
 */
public record HoldClock(Duration hold, Optional<Instant> since, Optional<Instant> seenAt) {

    public static final Duration LONGEST_GAP = Duration.ofSeconds(5);

    public static HoldClock start(Duration hold) {
        return new HoldClock(hold, Optional.empty(), Optional.empty());
    }

    /** The clock after a look at the gates. */
    public HoldClock next(List<GateResult> results, Instant now) {
        if (!Gates.allOpen(results)) return new HoldClock(hold, Optional.empty(), Optional.of(now));
        return new HoldClock(hold, Optional.of(unbroken(now) ? since.orElse(now) : now), Optional.of(now));
    }

    private boolean unbroken(Instant now) {
        Duration gap = Duration.between(seenAt.orElse(now), now);
        return !gap.isNegative() && gap.compareTo(LONGEST_GAP) <= 0;
    }

    /** From when the gates were first seen open to the last look; zero if they are not open. */
    public Duration openFor() {
        return since.isPresent() && seenAt.isPresent() ? Duration.between(since.get(), seenAt.get()) : Duration.ZERO;
    }

    /** Open for long enough. */
    public boolean held() {
        return since.isPresent() && openFor().compareTo(hold) >= 0;
    }
}
