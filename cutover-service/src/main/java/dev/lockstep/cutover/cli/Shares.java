package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.cli.WaveFiles.Shared;
import dev.lockstep.cutover.flip.DnsPlan;
import dev.lockstep.cutover.flip.Outcome;
import dev.lockstep.cutover.flip.Sample;
import dev.lockstep.cutover.flip.Step;
import dev.lockstep.cutover.flip.UnsafePlanException;
import dev.lockstep.cutover.flip.Zone;
import dev.lockstep.cutover.phase.Deadline;
import dev.lockstep.cutover.phase.Rest;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.WaveRules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The shares of its answers by which a wave moves, where who changes its zones knows weights. As each answer is the one or the other by
 * chance, not DNS but a file tells how far the wave has come, and by what plan.
 */
final class Shares {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** That all looks at an end show nothing of the share before, and it is still given. */
    private static final double CHANCE = 0.001;

    private static final int FEWEST_LOOKS = 20;

    /** A datagram may be lost. */
    private static final int UNREAD_LOOKS = 3;

    private final WaveRules wave;
    private final WaveFiles files;
    private final List<Zone> zones;
    private final Clock clock;
    private final Rest rest;
    private Sample answers = Sample.NONE;
    private int unread;

    Shares(WaveRules wave, WaveFiles files, Clock clock, Rest rest) {
        this.wave = wave;
        this.files = files;
        this.zones = Zone.of(wave.dns(), clock);
        this.clock = clock;
        this.rest = rest;
    }

    /** Whether some answers name the target and others do not, or may. */
    boolean isUnderWay() {
        return files.shared(wave.name()).isPresent();
    }

    /** Those that are still to hold before the whole moves; the one under way once more. */
    List<Integer> left() {
        if (wave.shares().isEmpty()) return List.of();
        Optional<Shared> shared = files.shared(wave.name());
        if (shared.isEmpty()) return isMoved() ? List.of() : wave.shares();
        if (shared.get().ending()) return List.of();
        return wave.shares().stream()
                .filter(percent -> percent >= shared.get().percent())
                .toList();
    }

    private boolean isMoved() {
        return steps(Direction.FORWARD).stream().allMatch(step -> step.plan().isDone());
    }

    /**
     * What leads there or back: as the servers show it, or as they did before the first share.
     *
     * @throws UnsafePlanException if what they show makes it unsafe
     */
    List<Step> steps(Direction direction) {
        boolean back = direction == Direction.REVERSE;
        return files.shared(wave.name())
                .map(shared -> shared.plans().stream()
                        .map(this::step)
                        .map(step -> back ? step.inverse() : step)
                        .toList())
                .orElseGet(() -> zones.stream().map(zone -> zone.move(back)).toList());
    }

    private Step step(DnsPlan plan) {
        return zones.stream()
                .filter(zone -> zone.name().equals(plan.zone()))
                .findFirst()
                .map(zone -> new Step(zone, plan))
                .orElseThrow(() -> new ConfigurationException("a share of the answers of zone " + plan.zone()
                        + " has moved with wave " + wave.name()
                        + "; the wave must name the zone until all of them have, or none"));
    }

    /**
     * Lets so many percent of the answers name the target.
     *
     * @return why they do not; empty: who changes the zones says that they do
     */
    Optional<String> give(int percent) {
        List<Step> steps;
        try {
            steps = steps(Direction.FORWARD);
        } catch (UnsafePlanException e) {
            return Optional.of("the DNS plan is not safe: " + e.getMessage());
        }
        answers = Sample.NONE;
        unread = 0;
        List<DnsPlan> plans = steps.stream().map(Step::plan).toList();
        return set(percent, steps, new Shared(plans, percent, false, Instant.EPOCH));
    }

    /**
     * Ends it: all answers name the target, or the source again.
     *
     * @return why they do not; empty: every server has shown so, until chance could not have it so
     */
    Optional<String> end(Direction direction) {
        Shared shared = files.shared(wave.name()).orElseThrow();
        boolean there = direction == Direction.FORWARD;
        Optional<String> failure = set(
                there ? 100 : 0,
                steps(Direction.FORWARD),
                new Shared(shared.plans(), shared.percent(), there, Instant.EPOCH));
        if (failure.isPresent()) return failure;
        failure = awaitShown(steps(direction), looks(there ? 100 - shared.percent() : shared.percent()));
        if (failure.isPresent()) return failure;
        Instant mayLandUntil = shared.mayLandUntil();
        if (clock.instant().isBefore(mayLandUntil))
            return Optional.of("all is as it shall be, but the command was cut off before and may take effect until "
                    + mayLandUntil + "; do it again then");
        files.forgetShare(wave.name());
        return Optional.empty();
    }

    /**
     * @param next what is true once it is done
     */
    private Optional<String> set(int percent, List<Step> steps, Shared next) {
        Optional<Shared> before = files.shared(wave.name());
        files.share(wave.name(), next.mayLandUntil(clock.instant().plus(DnsTraffic.MAY_LAND)));
        for (Step step : steps) {
            Outcome outcome = step.share(percent);
            if (outcome.isTaken()) continue;
            boolean untouched = step.equals(steps.get(0)) && !(outcome instanceof Outcome.Unsettled);
            if (untouched)
                before.ifPresentOrElse(
                        shared -> files.share(wave.name(), shared), () -> files.forgetShare(wave.name()));
            return Optional.of("zone " + step.plan().zone() + ": " + outcome.message());
        }
        files.share(
                wave.name(), next.mayLandUntil(before.map(Shared::mayLandUntil).orElse(Instant.EPOCH)));
        return Optional.empty();
    }

    /**
     * @param percent that must be gone
     */
    private static int looks(int percent) {
        return Math.max(FEWEST_LOOKS, (int) Math.ceil(Math.log(CHANCE) / Math.log(1 - percent / 100.0)));
    }

    private Optional<String> awaitShown(List<Step> steps, int looks) {
        Deadline patience = Deadline.in(clock, PATIENCE);
        for (int shown = 0; shown < looks; rest.rest(PAUSE)) {
            List<String> missing = steps.stream()
                    .flatMap(step -> step.readBack(Duration.ZERO).missing().stream())
                    .toList();
            shown = missing.isEmpty() ? shown + 1 : 0;
            if (shown == 0 && patience.isPast())
                return Optional.of("the command has taken it, and " + String.join("; ", missing) + "; do it again");
        }
        return Optional.empty();
    }

    /** Asks every server once; why what one says is wrong, or that one is silent. */
    Optional<String> look() {
        Sample now = zones.stream().map(Zone::sample).reduce(Sample.NONE, Sample::plus);
        answers = answers.plus(now);
        if (!now.strange().isEmpty()) return now.strange().stream().findFirst();
        unread = now.unread().isEmpty() ? 0 : unread + 1;
        return unread < UNREAD_LOOKS ? Optional.empty() : now.unread().stream().findFirst();
    }

    /** What the looks since the newest share saw. */
    Sample answers() {
        return answers;
    }

    /** For people: how far it is, and what comes before the whole. */
    List<String> lines(Direction direction) {
        String now = files.shared(wave.name())
                .map(shared -> "up to " + shared.percent() + " % of the answers name the target now")
                .orElse("");
        List<Integer> left = direction == Direction.REVERSE ? List.of() : left();
        String next = left.isEmpty() ? "" : "first shares of " + left + " %";
        return List.of(now, next).stream().filter(line -> !line.isEmpty()).toList();
    }
}
