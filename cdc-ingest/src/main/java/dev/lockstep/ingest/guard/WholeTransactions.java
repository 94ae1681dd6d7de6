package dev.lockstep.ingest.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Ends each poll at the end of a transaction, and a transaction that is too large for that at a place where the log can be read on.
 *
 * <p>Why: what a poll brings is one Kafka transaction, with the offset of its last record. A connector that is started again from an
 * offset inside a group of records that share it leaves out the whole group: the insert of a changed key behind its delete, or rows of
 * a {@code COPY} that PostgreSQL logs as one. Not thread-safe.
 */
final class WholeTransactions {

    /** Of these keys a connector's offset has what says where to read on. The others are what it counts and times. */
    private static final List<String> PLACE = List.of("lsn", "file", "pos", "event", "row");

    private final int bound;
    private List<SourceRecord> held = new ArrayList<>();

    /**
     * @param bound records of one transaction that are held back at most until its end comes
     */
    WholeTransactions(int bound) {
        this.bound = bound;
    }

    /** What may go by now, in order; null if that is nothing. The rest is held until more comes, or the connector reads it again. */
    @Nullable
    List<SourceRecord> take(@Nullable List<SourceRecord> polled) {
        if (polled == null) return null;
        held.addAll(polled);
        int end = end();
        if (end == 0) return null;
        List<SourceRecord> whole = held.subList(0, end);
        held = new ArrayList<>(held.subList(end, held.size()));
        return whole;
    }

    private int end() {
        for (int end = held.size(); end > 0; end--) if (!isInside(held.get(end - 1))) return end;
        if (held.size() <= bound) return 0;
        for (int end = held.size() - 1; end > 0; end--) if (!sharePlace(held.get(end - 1), held.get(end))) return end;
        return 0;
    }

    /** Whether the end of its transaction is still to come. */
    private static boolean isInside(SourceRecord record) {
        if (!(record.value() instanceof Struct value)) return false;
        if (value.schema().field("status") != null) return !"END".equals(value.getString("status"));
        return value.schema().field("op") != null;
    }

    private static boolean sharePlace(SourceRecord one, SourceRecord other) {
        Map<String, ?> first = one.sourceOffset();
        Map<String, ?> second = other.sourceOffset();
        return PLACE.stream().allMatch(key -> Objects.equals(first.get(key), second.get(key)));
    }
}
