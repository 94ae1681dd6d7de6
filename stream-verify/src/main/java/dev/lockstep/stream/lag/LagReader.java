package dev.lockstep.stream.lag;

import dev.lockstep.schemas.avro.Stage;
import dev.lockstep.schemas.message.Micros;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes a view of the stages out of the stores, at a moment that the caller gives. */
final class LagReader {

    /** Seconds over which rates are averaged: barriers further apart than that are not live. */
    static final int RATE_SECONDS = 5;

    private final StageStores stores;

    LagReader(StageStores stores) {
        this.stores = stores;
    }

    LagView view(Instant at, Duration window) {
        return new LagView(
                at,
                window,
                stage(Stage.CAPTURED, at, window),
                stage(Stage.APPLIED, at, window),
                stage(Stage.PROVEN, at, window));
    }

    private StageLag stage(Stage stage, Instant at, Duration window) {
        long now = Micros.of(at);
        Throughput throughput = throughput(stage, now);
        Optional<StageProgress> reached = stores.progress(stage);
        if (reached.isEmpty()) return StageLag.unknown(throughput);
        StageProgress progress = reached.get();
        long age = Math.max(0, now - progress.barrierMicros());
        return new StageLag(
                Optional.of(Micros.toDuration(age)),
                Optional.of(Micros.toInstant(progress.barrierMicros())),
                Optional.of(Micros.toInstant(progress.firstReachedMicros())),
                Optional.of(Percentiles.ofWindow(delays(stage, now, window), age)),
                Optional.of(Percentiles.ofRun(progress.delays())),
                progress.barriers(),
                throughput);
    }

    /** Of the barriers reached within the window. */
    private long[] delays(Stage stage, long now, Duration window) {
        long from = now - window.toNanos() / 1000;
        return stores.buckets(stage, Micros.second(from), Long.MAX_VALUE).values().stream()
                .flatMap(bucket -> bucket.arrivals().stream())
                .filter(arrival -> arrival.reachedMicros() > from)
                .mapToLong(Arrival::delayMicros)
                .toArray();
    }

    private Throughput throughput(Stage stage, long now) {
        List<LaneProgress> lanes = stores.laneProgress(stage);
        long second = Micros.second(now);
        var recent = stores.buckets(stage, second - RATE_SECONDS, second - 1).values();
        return new Throughput(
                lanes.stream().mapToLong(LaneProgress::rows).sum(),
                lanes.stream().mapToLong(LaneProgress::bytes).sum(),
                recent.stream().mapToLong(SecondBucket::rows).sum() / (double) RATE_SECONDS,
                recent.stream().mapToLong(SecondBucket::bytes).sum() / (double) RATE_SECONDS);
    }
}
