package dev.lockstep.stream.lag;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How far all lanes together have come at one stage.
 *
 * @param barriers how many all lanes have reached
 * @param barrierMicros the newest of them
 * @param firstReachedMicros when the first of them was reached
 * @param delays of all of them, microseconds
 */
record StageProgress(long barriers, long barrierMicros, long firstReachedMicros, Histogram delays) {

    private static final int DIGITS = 3;
    private static final int FIXED_BYTES = 3 * Long.BYTES;

    static StageProgress first(Arrival arrival) {
        return new StageProgress(0, 0, arrival.reachedMicros(), new Histogram(DIGITS)).next(arrival);
    }

    StageProgress next(Arrival arrival) {
        delays.recordValue(arrival.delayMicros());
        return new StageProgress(barriers + 1, arrival.barrierMicros(), firstReachedMicros, delays);
    }

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + delays.getNeededByteBufferCapacity());
        out.putLong(barriers).putLong(barrierMicros).putLong(firstReachedMicros);
        delays.encodeIntoByteBuffer(out);
        return Arrays.copyOf(out.array(), out.position());
    }

    static @Nullable StageProgress decode(byte @Nullable [] bytes) {
        if (bytes == null) return null;
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new StageProgress(in.getLong(), in.getLong(), in.getLong(), histogram(in.slice()));
    }

    private static Histogram histogram(ByteBuffer in) {
        Histogram histogram = Histogram.decodeFromByteBuffer(in, 0);
        histogram.setAutoResize(true);
        return histogram;
    }
}
