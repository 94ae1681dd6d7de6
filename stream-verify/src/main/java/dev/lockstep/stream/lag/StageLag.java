package dev.lockstep.stream.lag;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a stage is behind. Everything is empty until all lanes have reached a barrier there: not known is not zero.
 *
 * @param now since the newest barrier that all lanes have reached; grows while none arrives
 * @param barrier that newest barrier
 * @param since when the first barrier was reached; statistics go back no further
 * @param window over the view's window; while no barrier was reached in it, the age of the newest is all there is
 * @param run over all barriers reached since the migration began
 * @param barriers how many have been reached
 */
public record StageLag(
        Optional<Duration> now,
        Optional<Instant> barrier,
        Optional<Instant> since,
        Optional<Percentiles> window,
        Optional<Percentiles> run,
        long barriers,
        Throughput throughput) {

    public static final StageLag UNKNOWN = unknown(Throughput.NONE);

    static StageLag unknown(Throughput throughput) {
        return new StageLag(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                throughput);
    }
}
