package dev.lockstep.ingest.guard;

import io.debezium.data.Envelope;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.RetriableException;
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
    private final long byteBound;
    private List<SourceRecord> held = new ArrayList<>();
    private long heldBytes;
    private @Nullable String open;

    /**
     * @param bound records of one transaction that are held back at most until its end comes
     * @param byteBound the bytes of their values, likewise
     */
    WholeTransactions(int bound, long byteBound) {
        this.bound = bound;
        this.byteBound = byteBound;
    }

    /**
     * What may go by now, in order; null if that is nothing. The rest is held until more comes, or the connector reads it again.
     *
     * @throws RetriableException if a transaction begins anew in its middle
     */
    @Nullable
    List<SourceRecord> take(@Nullable List<SourceRecord> polled) {
        if (polled == null) return null;
        for (SourceRecord record : polled) add(record);
        int end = end();
        if (end == 0) return null;
        List<SourceRecord> whole = held.subList(0, end);
        held = new ArrayList<>(held.subList(end, held.size()));
        heldBytes = held.stream().mapToLong(WholeTransactions::bytes).sum();
        return whole;
    }

    private void add(SourceRecord record) {
        if (record.value() instanceof Struct value && value.schema().field("status") != null) turn(value);
        held.add(record);
        heldBytes += bytes(record);
    }

    /**
     * A binlog client whose line was cut connects again by itself, without a word to the connector, and the server sends the transaction from its
     * beginning: places would go back as at another server's log, and rows come twice. A connector that starts again knows how to leave them out.
     */
    private void turn(Struct boundary) {
        boolean begins = "BEGIN".equals(boundary.getString("status"));
        String id = boundary.schema().field("id") == null ? null : boundary.getString("id");
        if (begins && id != null && id.equals(open))
            throw new RetriableException(
                    "transaction " + id + " is sent anew from its beginning; reading on from what is committed");
        open = begins ? id : null;
    }

    /** Of the values, about; what else a record has is small. */
    private static long bytes(SourceRecord record) {
        if (!(record.value() instanceof Struct value) || value.schema().field(Envelope.FieldName.OPERATION) == null)
            return 0;
        return bytes(value, Envelope.FieldName.BEFORE) + bytes(value, Envelope.FieldName.AFTER);
    }

    private static long bytes(Struct change, String image) {
        if (change.schema().field(image) == null || !(change.get(image) instanceof Struct row)) return 0;
        long bytes = 0;
        for (Field field : row.schema().fields()) {
            Object value = row.get(field);
            if (value instanceof String text) bytes += text.length();
            else if (value instanceof byte[] binary) bytes += binary.length;
            else if (value instanceof ByteBuffer binary) bytes += binary.remaining();
        }
        return bytes;
    }

    private int end() {
        for (int end = held.size(); end > 0; end--) if (!isInside(held.get(end - 1))) return end;
        if (held.size() <= bound && heldBytes <= byteBound) return 0;
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
