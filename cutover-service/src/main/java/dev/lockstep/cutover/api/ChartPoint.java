package dev.lockstep.cutover.api;

import dev.lockstep.stream.lag.LagSample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One second of the chart: the largest lag of each stage in it, null before its first barrier, and the rows that passed.
 *
 * @param at the second's end
 */
public record ChartPoint(
        Instant at,
        @Nullable Long capturedMillis,
        @Nullable Long appliedMillis,
        @Nullable Long provenMillis,
        long capturedRows,
        long appliedRows) {

    static List<ChartPoint> of(List<LagSample> samples) {
        return samples.stream().map(ChartPoint::of).toList();
    }

    private static ChartPoint of(LagSample sample) {
        return new ChartPoint(
                sample.at(),
                millis(sample.captured()),
                millis(sample.applied()),
                millis(sample.proven()),
                sample.capturedRows(),
                sample.appliedRows());
    }

    private static @Nullable Long millis(Optional<Duration> duration) {
        return duration.isPresent() ? (Long) duration.get().toMillis() : null;
    }
}
