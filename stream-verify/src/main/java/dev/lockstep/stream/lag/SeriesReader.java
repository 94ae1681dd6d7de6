package dev.lockstep.stream.lag;

import dev.lockstep.schemas.avro.Stage;
import dev.lockstep.schemas.message.Micros;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/** Makes the charts' series: a sample per whole second, from the first that is known to the last that is over. */
final class SeriesReader {

    private final Map<Stage, SortedMap<Long, SecondBucket>> buckets = new EnumMap<>(Stage.class);
    private final Map<Stage, Long> newest = new EnumMap<>(Stage.class);
    private final long first;
    private final long last;

    SeriesReader(StageStores stores, Instant at) {
        long second = Micros.second(Micros.of(at));
        long oldest = second - LagConfig.SERIES.toSeconds();
        last = second - 1;
        for (Stage stage : Stage.values()) {
            buckets.put(stage, stores.buckets(stage, oldest, last));
            stores.progress(stage).ifPresent(progress -> {
                // Nothing in the whole time, but something before: a stage that stands still for longer than the chart.
                if (progress.barrierMicros() < oldest * Micros.PER_SECOND) newest.put(stage, progress.barrierMicros());
            });
        }
        first = newest.isEmpty() ? firstSecond() : oldest;
    }

    private long firstSecond() {
        return buckets.values().stream()
                .filter(seconds -> !seconds.isEmpty())
                .mapToLong(SortedMap::firstKey)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    List<LagSample> samples() {
        List<LagSample> samples = new ArrayList<>();
        for (long second = first; second <= last; second++) samples.add(sample(second));
        return samples;
    }

    private LagSample sample(long second) {
        return new LagSample(
                Instant.ofEpochSecond(second + 1),
                peak(Stage.CAPTURED, second),
                peak(Stage.APPLIED, second),
                peak(Stage.PROVEN, second),
                bucket(Stage.CAPTURED, second).rows(),
                bucket(Stage.APPLIED, second).rows());
    }

    /** Lag grows until a barrier arrives: it peaks just before each arrival, and at the second's end. */
    private Optional<Duration> peak(Stage stage, long second) {
        long peak = -1;
        for (Arrival arrival : bucket(stage, second).arrivals()) {
            peak = Math.max(peak, arrival.reachedMicros() - newest.getOrDefault(stage, arrival.barrierMicros()));
            newest.merge(stage, arrival.barrierMicros(), Math::max);
        }
        Long barrier = newest.get(stage);
        if (barrier == null) return Optional.empty();
        return Optional.of(Micros.toDuration(Math.max(peak, (second + 1) * Micros.PER_SECOND - barrier)));
    }

    private SecondBucket bucket(Stage stage, long second) {
        return Stream.ofNullable(buckets.get(stage))
                .map(seconds -> seconds.getOrDefault(second, SecondBucket.EMPTY))
                .findFirst()
                .orElse(SecondBucket.EMPTY);
    }
}
