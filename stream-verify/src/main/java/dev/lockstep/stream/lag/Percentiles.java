package dev.lockstep.stream.lag;

import dev.lockstep.schemas.message.Micros;
import java.time.Duration;
import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * How long barriers took to reach a stage.
 *
 * @param samples barriers that this is about
 */
public record Percentiles(Duration p50, Duration p95, Duration p99, Duration max, long samples) {

    /**
     * Of a window, by nearest rank. The age of the newest barrier counts as one more delay, and neither p99 nor max is ever below
     * it: a stage that stands still shows at once, not when barriers come through again.
     *
     * @param delays microseconds, in any order
     * @param age of the newest barrier, microseconds
     */
    static Percentiles ofWindow(long[] delays, long age) {
        long[] sorted = Arrays.copyOf(delays, delays.length + 1);
        sorted[delays.length] = age;
        Arrays.sort(sorted);
        return new Percentiles(
                rank(sorted, 50),
                rank(sorted, 95),
                Micros.toDuration(Math.max(age, at(sorted, 99))),
                Micros.toDuration(sorted[sorted.length - 1]),
                delays.length);
    }

    /** Of all barriers since the migration began, to three digits. */
    static Percentiles ofRun(Histogram histogram) {
        return new Percentiles(
                Micros.toDuration(histogram.getValueAtPercentile(50)),
                Micros.toDuration(histogram.getValueAtPercentile(95)),
                Micros.toDuration(histogram.getValueAtPercentile(99)),
                Micros.toDuration(histogram.getMaxValue()),
                histogram.getTotalCount());
    }

    private static Duration rank(long[] sorted, int percent) {
        return Micros.toDuration(at(sorted, percent));
    }

    private static long at(long[] sorted, int percent) {
        return sorted[(int) (((long) sorted.length * percent + 99) / 100) - 1];
    }
}
