package dev.lockstep.stream.lag;

import dev.lockstep.schemas.avro.Stage;
import dev.lockstep.schemas.message.Micros;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** Keeps a bucket per stage and second, and forgets the old ones. */
final class SecondBooks {

    private final KeyValueStore<Bytes, byte[]> seconds;
    private final long retentionSeconds;

    SecondBooks(KeyValueStore<Bytes, byte[]> seconds, Duration retention) {
        this.seconds = seconds;
        retentionSeconds = retention.toSeconds() + 1;
    }

    void add(Stage stage, Arrival arrival) {
        long second = Micros.second(arrival.reachedMicros());
        put(stage, second, bucket(stage, second).plus(arrival));
    }

    /**
     * What passed between two reports, spread evenly over the time between them: the initial copy reports once, at its end, and has
     * not happened in one second.
     */
    void add(Stage stage, long fromMicros, long toMicros, long rows, long bytes) {
        if (rows == 0 && bytes == 0) return;
        long from = Math.max(fromMicros, toMicros - retentionSeconds * Micros.PER_SECOND);
        long last = Micros.second(toMicros);
        long first = from < toMicros ? Micros.second(from) : last;
        double before = 0;
        for (long second = first; second <= last; second++) {
            double until = second == last ? 1 : (double) ((second + 1) * Micros.PER_SECOND - from) / (toMicros - from);
            put(stage, second, bucket(stage, second).plus(share(rows, before, until), share(bytes, before, until)));
            before = until;
        }
    }

    /** Rounded such that the shares of a whole make the whole. */
    private static long share(long whole, double from, double until) {
        return (long) (whole * until) - (long) (whole * from);
    }

    private SecondBucket bucket(Stage stage, long second) {
        return SecondBucket.decode(seconds.get(Keys.of(stage, second)));
    }

    private void put(Stage stage, long second, SecondBucket bucket) {
        byte[] before = seconds.putIfAbsent(Keys.of(stage, second), bucket.encode());
        if (before == null) forget(stage, second - retentionSeconds);
        else seconds.put(Keys.of(stage, second), bucket.encode());
    }

    private void forget(Stage stage, long upTo) {
        List<Bytes> old = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> entries = seconds.range(Keys.of(stage, 0), Keys.of(stage, upTo))) {
            entries.forEachRemaining(entry -> old.add(entry.key));
        }
        old.forEach(seconds::delete);
    }
}
