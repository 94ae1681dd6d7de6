package dev.lockstep.ingest.guard;

import dev.lockstep.ingest.canonical.Positions;
import dev.lockstep.schemas.message.Position;
import io.debezium.data.Envelope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often a capture of binlogs came to another server's log, in its records' offsets, so that positions grow over it.
 *
 * <p>Why: 1. the capture stands at file 7 of one server; 2. the other one has the same GTIDs in its file 2, and the connector goes on
 * there; 3. what leaves out changes that it knows by their position would leave out all that come now. A log that is read from where the
 * last offset says never goes back, so a place before the last one is another server's. One behind it needs no count: it is greater.
 * Not thread-safe.
 */
final class Failovers {

    /** A row's place, where an offset names only its transaction's beginning. */
    private static final String ROW_POS = "lockstep.pos";

    private long count;
    private Position last;

    private Failovers(long count, Position last) {
        this.count = count;
        this.last = last;
    }

    /** Carries on from what the capture has committed; null: from nothing. */
    static Failovers since(@Nullable Map<String, ?> offset) {
        if (offset == null || !(offset.get("file") instanceof String file)) return new Failovers(0, Position.SNAPSHOT);
        Object pos = offset.containsKey(ROW_POS) ? offset.get(ROW_POS) : offset.get("pos");
        return new Failovers(
                Positions.failovers(offset),
                new Position(Positions.fileNumber(file), pos instanceof Number number ? number.longValue() : 0, 0));
    }

    /** The same records, with the count in their offsets where there is one. */
    List<SourceRecord> counted(List<SourceRecord> records) {
        List<SourceRecord> counted = new ArrayList<>(records.size());
        for (SourceRecord record : records) {
            look(record);
            counted.add(count == 0 ? record : with(record, Positions.FAILOVERS, count));
        }
        int end = counted.size() - 1;
        if (isRow(records.get(end))) counted.set(end, with(counted.get(end), ROW_POS, last.minor()));
        return counted;
    }

    private void look(SourceRecord record) {
        Struct source = streamed(record);
        if (source == null) return;
        Position place = new Position(Positions.fileNumber(source.getString("file")), source.getInt64("pos"), 0);
        if (place.compareTo(last) < 0) count++;
        last = place;
    }

    private static boolean isRow(SourceRecord record) {
        return streamed(record) != null && Envelope.isEnvelopeSchema(record.valueSchema());
    }

    /** What tells the place of a row or a statement in a binlog; null of anything else. */
    private static @Nullable Struct streamed(SourceRecord record) {
        if (!(record.value() instanceof Struct value) || value.schema().field(Envelope.FieldName.SOURCE) == null)
            return null;
        Struct source = value.getStruct(Envelope.FieldName.SOURCE);
        if (source.schema().field("file") == null) return null;
        return Objects.requireNonNullElse(source.getString("snapshot"), "false").equals("false") ? source : null;
    }

    private static SourceRecord with(SourceRecord record, String key, long number) {
        Map<String, Object> offset = new HashMap<>(record.sourceOffset());
        offset.put(key, number);
        return new SourceRecord(
                record.sourcePartition(),
                offset,
                record.topic(),
                record.kafkaPartition(),
                record.keySchema(),
                record.key(),
                record.valueSchema(),
                record.value(),
                record.timestamp(),
                record.headers());
    }
}
