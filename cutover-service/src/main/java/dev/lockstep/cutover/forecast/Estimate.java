package dev.lockstep.cutover.forecast;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a step of the write pause is likely to take.
 *
 * @param basis {@code drilled}, {@code earlier moves}, or {@code unknown}
 * @param samples how many figures that is from
 * @param medianMillis null: not known
 * @param largestMillis of the samples; likewise
 */
public record Estimate(
        String step,
        String basis,
        int samples,
        @Nullable Long medianMillis,
        @Nullable Long largestMillis) {

    static final String DRILLED = "drilled";
    static final String EARLIER = "earlier moves";
    static final String UNKNOWN = "unknown";

    static Estimate of(String step, String basis, List<Duration> samples) {
        List<Duration> sorted = samples.stream().sorted().toList();
        return sorted.isEmpty()
                ? new Estimate(step, UNKNOWN, 0, null, null)
                : new Estimate(
                        step,
                        basis,
                        sorted.size(),
                        millis(sorted.get(sorted.size() / 2)),
                        millis(sorted.get(sorted.size() - 1)));
    }

    /** Rounded up: a step that takes no time is no step. */
    private static long millis(Duration duration) {
        return duration.plusNanos(999_999).toMillis();
    }
}
