package dev.lockstep.cutover.cli;

import dev.lockstep.ingest.capture.Capture;
import dev.lockstep.ingest.capture.CaptureConfig;
import dev.lockstep.ingest.snapshot.CopyProgress;
import dev.lockstep.ingest.watch.LogUse;
import dev.lockstep.ingest.watch.LogWatch;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** One database's captures, one a lane. */
final class Captures implements AutoCloseable {

    private final List<KeptCapture> lanes = new ArrayList<>();
    private final List<LogWatch> logs = new ArrayList<>();
    private final Parts parts = new Parts();

    /**
     * Begins and returns at once.
     *
     * @param following is run once all lanes follow the log
     */
    static Captures start(List<CaptureConfig> lanes, Runnable following, Clock clock) {
        Captures captures = new Captures();
        AtomicInteger copying = new AtomicInteger(lanes.size());
        for (CaptureConfig lane : lanes) captures.start(lane, copying, following, clock);
        return captures;
    }

    private void start(CaptureConfig lane, AtomicInteger copying, Runnable following, Clock clock) {
        Capture capture = parts.add(Capture.start(lane, () -> {
            if (copying.decrementAndGet() == 0) following.run();
        }));
        capture.slot()
                .ifPresent(slot -> logs.add(parts.add(LogWatch.start(lane.side().label(), slot, lane.database()))));
        lanes.add(new KeptCapture(lane.side(), lane.lane(), capture, clock));
    }

    Stream<KeptCapture> lanes() {
        return lanes.stream();
    }

    /** How far the tables have been read. */
    CopyProgress progress() {
        return CopyProgress.together(
                lanes.stream().map(lane -> lane.capture.progress()).toList());
    }

    /** What the database keeps of its log for them. */
    Stream<LogUse> logs() {
        return logs.stream().flatMap(log -> log.use().stream());
    }

    /** They stand still, also after a restart of the worker, until they are started again. */
    void halt() throws IOException, InterruptedException {
        for (KeptCapture lane : lanes) lane.capture.halt();
    }

    @Override
    public void close() {
        parts.close();
    }
}
