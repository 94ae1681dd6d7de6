package dev.lockstep.cutover.report;

import dev.lockstep.schemas.avro.Mismatch;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.row.RowKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which rows have ever differed, in the order in which they were found: the first {@value #KEPT}, and how many more. */
final class MismatchHistory {

    static final int KEPT = 1000;

    private final List<Episode> episodes;
    private final Map<List<String>, Integer> newest = new HashMap<>();
    private long leftOut;

    MismatchHistory(List<Episode> episodes, long leftOut) {
        this.episodes = new ArrayList<>(episodes);
        this.leftOut = leftOut;
        for (int i = 0; i < episodes.size(); i++)
            newest.put(List.of(episodes.get(i).table(), episodes.get(i).key()), i);
    }

    /** What the topic says of a row; saying it again changes nothing. */
    void add(byte[] key, byte @Nullable [] mismatch, Instant at) {
        if (mismatch == null) heal(Messages.decodeKey(key), at);
        else report(Messages.MISMATCH.decode(mismatch));
    }

    private void report(Mismatch found) {
        int known = newest(found.getTable(), found.getKey());
        Instant opened = Micros.toInstant(found.getFirstSeenMicros());
        if (known >= 0 && episodes.get(known).seenMicros() >= found.getBarrierMicros()) return; // a repeat
        Episode now = new Episode(
                found.getTable(), found.getKey(), found.getKind().name(), opened, found.getBarrierMicros(), null);
        if (known >= 0 && episodes.get(known).healed() == null) episodes.set(known, now);
        else if (episodes.size() == KEPT) leftOut++;
        else {
            newest.put(List.of(now.table(), now.key()), episodes.size());
            episodes.add(now);
        }
    }

    private void heal(RowKey row, Instant at) {
        int known = newest(row.table(), row.display());
        if (known < 0 || episodes.get(known).healed() != null) return;
        Episode open = episodes.get(known);
        episodes.set(known, new Episode(open.table(), open.key(), open.kind(), open.opened(), open.seenMicros(), at));
    }

    private int newest(String table, String key) {
        return newest.getOrDefault(List.of(table, key), -1);
    }

    List<Episode> episodes() {
        return List.copyOf(episodes);
    }

    long leftOut() {
        return leftOut;
    }
}
