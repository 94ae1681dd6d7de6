package dev.lockstep.ingest.canonical;

import dev.lockstep.schemas.message.Position;
import io.debezium.data.Envelope;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Where a change stands in its database's log, as Debezium tells it. A change that is read again has the same position again. */
public final class Positions {

    /** Rows of one event of a binlog, two records each: more than its size allows. */
    private static final int ROW_BITS = 32;

    /** In a binlog record's offset: how often the capture came to another server's log. */
    public static final String FAILOVERS = "lockstep.failovers";

    /** Bits of a binlog file's number. */
    private static final int FILE_BITS = 32;

    private Positions() {}

    /** Of a row's change. */
    public static Position of(SourceRecord change) {
        Struct value = (Struct) change.value();
        Position place = placeOf(change);
        return new Position(
                place.major(),
                place.minor(),
                isPostgres(value.getStruct(Envelope.FieldName.SOURCE))
                        ? orderInTransaction(value)
                        : orderInBinlog(change, value));
    }

    /** Of the place in the log that a row or a statement stands at, before its rows. */
    public static Position placeOf(SourceRecord record) {
        Struct source = ((Struct) record.value()).getStruct(Envelope.FieldName.SOURCE);
        if (isPostgres(source))
            return new Position(lastCommit(source.getString("sequence")), source.getInt64("lsn"), 0);
        long server = failovers(record.sourceOffset()) << FILE_BITS;
        return new Position(server + fileNumber(source.getString("file")), source.getInt64("pos"), 0);
    }

    /** Whether it stands before a place that a copy was made at; a PostgreSQL change by itself, whenever its transaction was committed. */
    public static boolean isBefore(SourceRecord record, Position copied) {
        Position place = placeOf(record);
        return isPostgres(((Struct) record.value()).getStruct(Envelope.FieldName.SOURCE))
                ? place.minor() < copied.minor()
                : place.compareTo(copied) < 0;
    }

    /**
     * The place of a copy.
     *
     * @param position as the copy's plan has it: {@code lsn}, or {@code file}, {@code pos} and {@link #FAILOVERS}
     */
    public static Position ofCopy(Map<String, String> position) {
        String lsn = position.get("lsn");
        if (lsn != null) return new Position(0, LogSequenceNumber.valueOf(lsn).asLong(), 0);
        long server = Long.parseLong(position.getOrDefault(FAILOVERS, "0")) << FILE_BITS;
        return new Position(
                server + fileNumber(position.getOrDefault("file", "")),
                Long.parseLong(position.getOrDefault("pos", "")),
                0);
    }

    /** How often the capture had come to another server's log by then. */
    public static long failovers(@Nullable Map<String, ?> offset) {
        return offset != null && offset.get(FAILOVERS) instanceof Number count ? count.longValue() : 0;
    }

    private static boolean isPostgres(Struct source) {
        return source.schema().field("lsn") != null;
    }

    private static long orderInTransaction(Struct value) {
        Struct transaction = value.getStruct(Envelope.FieldName.TRANSACTION);
        return transaction == null ? 0 : transaction.getInt64("total_order");
    }

    /**
     * Not the order in the transaction, which is counted anew when the connector is started again inside of one: 1. rows 1 and 2 of an
     * event come, and the connector is killed; 2. it goes on with row 3, which is then the first: what has seen row 2 takes it for one
     * that it knows. The number of the event in its transaction tells events apart that are compressed into one and share its place.
     */
    private static long orderInBinlog(SourceRecord change, Struct value) {
        Object event = change.sourceOffset().get("event");
        long events = event == null ? 0 : ((Number) event).longValue();
        long row = value.getStruct(Envelope.FieldName.SOURCE).getInt32("row");
        boolean second =
                !"d".equals(value.getString(Envelope.FieldName.OPERATION)); // a changed key is a delete and an insert
        return (events << ROW_BITS) + (row << 1) + (second ? 1 : 0);
    }

    /** PostgreSQL's {@code ["lsn of the last commit","lsn of the change"]}; the first is null before any commit was seen. */
    private static long lastCommit(String sequence) {
        int start = sequence.indexOf('"');
        int end = sequence.indexOf('"', start + 1);
        boolean known = start == 1;
        return known ? Long.parseLong(sequence.substring(start + 1, end)) : 0;
    }

    /** {@code binlog.000017} is the 17th. */
    public static long fileNumber(String file) {
        return Long.parseLong(file.substring(file.lastIndexOf('.') + 1));
    }
}
