package dev.lockstep.stream.lag;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened at a stage within one second.
 *
 * @param arrivals barriers that all lanes reached in it
 * @param rows row changes that passed
 * @param bytes of them on the wire
 */
record SecondBucket(List<Arrival> arrivals, long rows, long bytes) {

    static final SecondBucket EMPTY = new SecondBucket(List.of(), 0, 0);

    SecondBucket plus(Arrival arrival) {
        List<Arrival> more = new ArrayList<>(arrivals);
        more.add(arrival);
        return new SecondBucket(more, rows, bytes);
    }

    SecondBucket plus(long moreRows, long moreBytes) {
        return new SecondBucket(arrivals, rows + moreRows, bytes + moreBytes);
    }

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate((2 + 2 * arrivals.size()) * Long.BYTES);
        out.putLong(rows).putLong(bytes);
        for (Arrival arrival : arrivals) out.putLong(arrival.barrierMicros()).putLong(arrival.reachedMicros());
        return out.array();
    }

    static SecondBucket decode(byte @Nullable [] bytes) {
        if (bytes == null) return EMPTY;
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long rows = in.getLong();
        long size = in.getLong();
        List<Arrival> arrivals = new ArrayList<>();
        while (in.hasRemaining()) arrivals.add(new Arrival(in.getLong(), in.getLong()));
        return new SecondBucket(arrivals, rows, size);
    }
}
