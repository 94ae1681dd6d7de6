package dev.lockstep.stream.lag;

import dev.lockstep.schemas.avro.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** What the stages' three stores hold, for reading. */
record StageStores(
        ReadOnlyKeyValueStore<Bytes, byte[]> lanes,
        ReadOnlyKeyValueStore<Bytes, byte[]> stages,
        ReadOnlyKeyValueStore<Bytes, byte[]> seconds) {

    /** The lanes that have reported. */
    List<LaneProgress> laneProgress(Stage stage) {
        List<LaneProgress> found = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> entries =
                lanes.range(Keys.of(stage, 0), Keys.of(stage, Integer.MAX_VALUE))) {
            entries.forEachRemaining(entry -> {
                LaneProgress progress = LaneProgress.decode(entry.value);
                if (progress != null) found.add(progress);
            });
        }
        return found;
    }

    Optional<StageProgress> progress(Stage stage) {
        return Optional.ofNullable(StageProgress.decode(stages.get(Keys.of(stage))));
    }

    /** Seconds in which something happened, both ends included. */
    SortedMap<Long, SecondBucket> buckets(Stage stage, long from, long to) {
        SortedMap<Long, SecondBucket> found = new TreeMap<>();
        if (from > to) return found;
        try (KeyValueIterator<Bytes, byte[]> entries = seconds.range(Keys.of(stage, from), Keys.of(stage, to))) {
            entries.forEachRemaining(entry -> found.put(Keys.number(entry.key), SecondBucket.decode(entry.value)));
        }
        return found;
    }
}
