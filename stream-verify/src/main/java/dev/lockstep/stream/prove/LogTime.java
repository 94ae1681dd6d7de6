package dev.lockstep.stream.prove;

import dev.lockstep.stream.prove.Change.LaneBarrier;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * How far a side's topic has been read, so that the side that is ahead waits: what is read ahead of the other has to be kept, on disk, until
 * the other has come up, and is as well kept in its topic. It moves no clock; see {@link BarrierClock}.
 */
final class LogTime implements WatermarkGenerator<Change> {

    /** Wide enough that a side is never held up by the interval in which the sides' places are exchanged. */
    static final Duration LEAD = Duration.ofMinutes(5);

    /** How often each side says how far it is, and hears of the other. */
    static final Duration EXCHANGED_EVERY = Duration.ofMillis(100);

    private long
            reached; // at the beginning before every barrier, and said too: a side that never spoke would hold nobody

    /** Reads no side further than {@link #LEAD} of barriers' time ahead of the other, each lane for itself. */
    static WatermarkStrategy<Change> aligned() {
        Duration micros = Duration.ofMillis(
                LEAD.toNanos() / 1000); // Flink counts in the watermarks' unit, and takes it for milliseconds
        return WatermarkStrategy.<Change>forGenerator(partition -> new LogTime())
                .withWatermarkAlignment("log", micros, EXCHANGED_EVERY);
    }

    @Override
    public void onEvent(Change change, long timestamp, WatermarkOutput output) {
        if (change instanceof LaneBarrier barrier) reached = Math.max(reached, barrier.micros());
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
        output.emitWatermark(new Watermark(reached));
    }
}
