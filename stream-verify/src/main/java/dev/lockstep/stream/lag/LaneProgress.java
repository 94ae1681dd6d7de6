package dev.lockstep.stream.lag;

import dev.lockstep.schemas.avro.StageReport;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How far one lane has come at one stage.
 *
 * @param offset of the newest report counted in, so that one read twice counts once
 * @param barrierMicros the newest barrier
 * @param reachedMicros when it was reached
 * @param reportedMicros when the newest report was made, whatever its barrier
 * @param counterRows the counter in that report, since its writer started
 * @param counterBytes the counter in that report, since its writer started
 * @param rows in all
 * @param bytes in all
 */
record LaneProgress(
        long offset,
        long barrierMicros,
        long reachedMicros,
        long reportedMicros,
        long counterRows,
        long counterBytes,
        long rows,
        long bytes) {

    static LaneProgress first(StageReport report, long offset) {
        return new LaneProgress(
                offset,
                report.getBarrierMicros(),
                report.getReachedMicros(),
                report.getReachedMicros(),
                report.getRows(),
                report.getBytes(),
                report.getRows(),
                report.getBytes());
    }

    LaneProgress next(StageReport report, long newOffset) {
        boolean newer = report.getBarrierMicros() > barrierMicros;
        return new LaneProgress(
                newOffset,
                newer ? report.getBarrierMicros() : barrierMicros,
                newer ? report.getReachedMicros() : reachedMicros,
                report.getReachedMicros(),
                report.getRows(),
                report.getBytes(),
                rows + grown(counterRows, report.getRows()),
                bytes + grown(counterBytes, report.getBytes()));
    }

    /** A counter that fell began again at 0. */
    private static long grown(long before, long after) {
        return after >= before ? after - before : after;
    }

    boolean hasSeen(long someOffset) {
        return someOffset <= offset;
    }

    byte[] encode() {
        return ByteBuffer.allocate(8 * Long.BYTES)
                .putLong(offset)
                .putLong(barrierMicros)
                .putLong(reachedMicros)
                .putLong(reportedMicros)
                .putLong(counterRows)
                .putLong(counterBytes)
                .putLong(rows)
                .putLong(bytes)
                .array();
    }

    static @Nullable LaneProgress decode(byte @Nullable [] bytes) {
        if (bytes == null) return null;
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new LaneProgress(
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong());
    }
}
