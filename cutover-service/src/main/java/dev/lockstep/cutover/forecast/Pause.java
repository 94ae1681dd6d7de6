package dev.lockstep.cutover.forecast;

import dev.lockstep.schemas.message.Barrier.Direction;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The write pause to come, step by step.
 *
 * @param expectedMillis the sum of the steps' medians
 * @param upperMillis the sum of each step's largest figure: what it would be if all went as badly as any has
 * @param complete whether there is a figure for each step; otherwise both sums lack those without one
 */
public record Pause(List<Estimate> steps, long expectedMillis, long upperMillis, boolean complete) {

    /** Pure. */
    static Pause of(Direction direction, List<Drill> drills, List<EarlierMove> moves, boolean dns, boolean otherWay) {
        List<Estimate> steps = Arrays.stream(Step.values())
                .filter(step -> dns || step != Step.DNS)
                .filter(step -> otherWay || step != Step.TURN)
                .map(step -> estimate(step, direction, drills, moves))
                .toList();
        return new Pause(
                steps,
                sum(steps, Estimate::medianMillis),
                sum(steps, Estimate::largestMillis),
                steps.stream().noneMatch(step -> step.samples() == 0));
    }

    private static Estimate estimate(Step step, Direction direction, List<Drill> drills, List<EarlierMove> moves) {
        List<Duration> drilled =
                drills.stream().map(step::in).flatMap(Optional::stream).toList();
        if (!drilled.isEmpty()) return Estimate.of(step.text, Estimate.DRILLED, drilled);
        Stream<Duration> earlier =
                moves.stream().map(move -> step.in(move, direction)).flatMap(Optional::stream);
        return Estimate.of(step.text, Estimate.EARLIER, earlier.toList());
    }

    private static long sum(List<Estimate> steps, Function<Estimate, Long> figure) {
        return steps.stream()
                .map(figure)
                .filter(Objects::nonNull)
                .mapToLong(Long::longValue)
                .sum();
    }
}
