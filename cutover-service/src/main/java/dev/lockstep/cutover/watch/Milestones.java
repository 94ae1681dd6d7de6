package dev.lockstep.cutover.watch;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The hours after the target's opening at which a proof report is written by itself. Pure. */
public final class Milestones {

    private static final List<Integer> HOURS = List.of(24, 48, 72);

    private Milestones() {}

    /**
     * The hour whose report is to be written now; of several that were missed, while nothing ran, the last one alone.
     *
     * @param sinceOpen how long ago the target opened
     * @param written hours whose reports are there
     */
    public static Optional<Integer> due(Duration sinceOpen, Set<Integer> written) {
        return HOURS.stream()
                .filter(hour -> Duration.ofHours(hour).compareTo(sinceOpen) <= 0)
                .max(Comparator.naturalOrder())
                .filter(hour -> !written.contains(hour));
    }

    /** All of them. */
    public static List<Integer> hours() {
        return HOURS;
    }
}
