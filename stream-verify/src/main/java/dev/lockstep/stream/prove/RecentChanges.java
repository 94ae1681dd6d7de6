package dev.lockstep.stream.prove;

import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.stream.prove.Change.RowChange;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.core.memory.DataOutputViewStreamWrapper;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateCheckpointOutputStream;
import org.jspecify.annotations.Nullable;

/** Rows' changes that wait for their barrier in memory. */
final class RecentChanges {

    private static final Waiting.Serializer WAITING = new Waiting.Serializer();

    private final NavigableMap<Long, Map<RowDigest, Waiting>> times = new TreeMap<>();
    private int size;

    void add(long time, RowChange change) {
        Map<RowDigest, Waiting> rows = at(time);
        Waiting waiting = rows.getOrDefault(change.row(), Waiting.NONE);
        if (rows.put(change.row(), waiting.with(change.side(), change.image())) == null) size++;
    }

    private Map<RowDigest, Waiting> at(long time) {
        return times.computeIfAbsent(time, fresh -> new HashMap<>());
    }

    /** Rows, each counted once for every time at which it changed. */
    int size() {
        return size;
    }

    /** The earliest time of any change. */
    @Nullable
    Long first() {
        return times.isEmpty() ? null : times.firstKey();
    }

    /** Takes what one row waits with at a time; {@link Waiting#NONE} where it does not. */
    Waiting take(long time, RowDigest row) {
        Map<RowDigest, Waiting> rows = times.get(time);
        Waiting taken = rows == null ? null : rows.remove(row);
        if (taken == null) return Waiting.NONE;
        size--;
        return taken;
    }

    /** Takes what all rows wait with at a time. */
    Map<RowDigest, Waiting> take(long time) {
        Map<RowDigest, Waiting> rows = times.remove(time);
        if (rows == null) return Map.of();
        size -= rows.size();
        return rows;
    }

    /** Writes all that wait, by Flink's groups of keys, so that others can go on with them in other tasks. */
    void save(KeyedStateCheckpointOutputStream out, int keyGroups) throws IOException {
        Map<Integer, List<Saved>> groups = byGroup(keyGroups);
        DataOutputView view = new DataOutputViewStreamWrapper(out);
        for (int group : out.getKeyGroupList()) {
            out.startNewKeyGroup(group);
            List<Saved> rows = groups.getOrDefault(group, List.of());
            view.writeInt(rows.size());
            for (Saved row : rows) {
                view.writeLong(row.time);
                WireSerializer.writeDigest(row.row, view);
                WAITING.serialize(row.waiting, view);
            }
        }
    }

    private record Saved(long time, RowDigest row, Waiting waiting) {}

    private Map<Integer, List<Saved>> byGroup(int keyGroups) {
        Map<Integer, List<Saved>> groups = new HashMap<>();
        times.forEach((time, rows) -> rows.forEach((row, waiting) -> groups.computeIfAbsent(
                        KeyGroupRangeAssignment.assignToKeyGroup(row, keyGroups), group -> new ArrayList<>())
                .add(new Saved(time, row, waiting))));
        return groups;
    }

    /** Takes up what was saved of one group of keys. */
    void load(InputStream saved) throws IOException {
        DataInputView view = new DataInputViewStreamWrapper(saved);
        int rows = view.readInt();
        for (int i = 0; i < rows; i++) {
            at(view.readLong()).put(WireSerializer.readDigest(view), WAITING.deserialize(view));
            size++;
        }
    }
}
