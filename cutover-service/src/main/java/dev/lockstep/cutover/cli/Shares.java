package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.flip.Outcome;
import dev.lockstep.cutover.flip.Sample;
import dev.lockstep.cutover.flip.Step;
import dev.lockstep.cutover.flip.UnsafePlanException;
import dev.lockstep.cutover.flip.Zone;
import dev.lockstep.cutover.phase.Deadline;
import dev.lockstep.cutover.phase.Rest;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.WaveRules;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The shares of its answers by which a wave moves, where who changes its zones knows weights. As each answer is the one or the other by
 * chance, not DNS but a file tells how far the wave has come.
 */
final class Shares {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** So many times in a row all servers must show one and the same, as a single look may do so by chance. */
    private static final int LOOKS = 20;

    private final WaveRules wave;
    private final WaveFiles files;
    private final List<Zone> zones;
    private final Clock clock;
    private final Rest rest;
    private List<Step> given = List.of();
    private Sample answers = Sample.NONE;

    Shares(WaveRules wave, WaveFiles files, Clock clock, Rest rest) {
        this.wave = wave;
        this.files = files;
        this.zones = Zone.of(wave.dns(), clock);
        this.clock = clock;
        this.rest = rest;
    }

    /** Those that are still to hold before the whole moves; the one under way once more. */
    List<Integer> left() {
        OptionalInt last = files.share(wave.name());
        if (wave.shares().isEmpty() || (last.isEmpty() && isMoved())) return List.of();
        return wave.shares().stream()
                .filter(percent -> percent >= last.orElse(0))
                .toList();
    }

    private boolean isMoved() {
        return zones.stream().allMatch(zone -> zone.move(false).plan().isDone());
    }

    /** Whether some answers name the target and others do not, or may. */
    boolean isUnderWay() {
        return files.share(wave.name()).isPresent();
    }

    /**
     * What leads from before to after.
     *
     * @throws UnsafePlanException if what the servers show makes it unsafe
     */
    List<Step> steps() {
        return zones.stream().map(Zone::share).toList();
    }

    /**
     * Lets so many percent of the answers name the target.
     *
     * @return why they do not; empty: who changes the zones says that they do
     */
    Optional<String> give(int percent) {
        try {
            given = steps();
            files.share(wave.name(), percent);
            answers = Sample.NONE;
            for (Step step : given) {
                Outcome outcome = step.share(percent);
                if (!outcome.isTaken()) return Optional.of("zone " + step.plan().zone() + ": " + outcome.message());
            }
            return Optional.empty();
        } catch (UnsafePlanException e) {
            return Optional.of("the DNS plan is not safe: " + e.getMessage());
        }
    }

    /** Asks every server once; why what one says is wrong. */
    Optional<String> look() {
        for (Zone zone : zones) answers = answers.plus(zone.sample());
        return answers.strange().stream().findFirst();
    }

    /** What the looks since the newest share saw. */
    Sample answers() {
        return answers;
    }

    /**
     * Ends it: all answers name the target, or the source again.
     *
     * @return why they do not; empty: every server has shown so, many times in a row
     */
    Optional<String> end(Direction direction) {
        boolean there = direction == Direction.FORWARD;
        Optional<String> failure = give(there ? 100 : 0);
        if (failure.isPresent()) return failure;
        List<Step> steps =
                given.stream().map(step -> there ? step : step.inverse()).toList();
        Deadline patience = Deadline.in(clock, PATIENCE);
        int shown = 0;
        while (shown < LOOKS) {
            List<String> missing = steps.stream()
                    .flatMap(step -> step.readBack(Duration.ZERO).missing().stream())
                    .toList();
            shown = missing.isEmpty() ? shown + 1 : 0;
            if (shown == 0 && patience.isPast())
                return Optional.of("the command has taken it, and " + String.join("; ", missing));
            rest.rest(PAUSE);
        }
        files.whole(wave.name());
        return Optional.empty();
    }
}
