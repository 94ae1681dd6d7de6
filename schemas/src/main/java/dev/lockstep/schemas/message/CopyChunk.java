package dev.lockstep.schemas.message;

import dev.lockstep.schemas.avro.CopyChunkMessage;
import dev.lockstep.schemas.row.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A range of one table's rows in the initial copy, and how much of it is in the topic of changes.
 *
 * @param part the table, or the partition of it, as the database names it
 * @param number from 0 in the order of the ranges
 * @param storage what the bounds are valid for
 * @param from rows behind it; null: from the first
 * @param to rows up to and with it; null: to the last
 * @param reached rows up to and with it are in the topic; null: none for certain
 */
public record CopyChunk(
        String part,
        int number,
        String storage,
        @Nullable List<Value> from,
        @Nullable List<Value> to,
        @Nullable List<Value> reached,
        long rows,
        long bytes,
        boolean done) {

    private static final Codec<CopyChunkMessage> CODEC = new Codec<>(CopyChunkMessage.class);

    /** A range of which nothing has been copied. */
    public static CopyChunk planned(
            String part, int number, String storage, @Nullable List<Value> from, @Nullable List<Value> to) {
        return new CopyChunk(part, number, storage, from, to, null, 0, 0, false);
    }

    /** The range after more of its rows were copied. */
    public CopyChunk plus(@Nullable List<Value> newlyReached, long moreRows, long moreBytes, boolean nowDone) {
        return new CopyChunk(
                part, number, storage, from, to, newlyReached, rows + moreRows, bytes + moreBytes, nowDone);
    }

    /** Behind which rows are still to be copied. */
    public @Nullable List<Value> rest() {
        return reached != null ? reached : from;
    }

    public String key(Side side, int lane, int round) {
        return CopyPlan.key(side, lane, round) + "/" + part + "/" + number;
    }

    public byte[] encode() {
        return CODEC.encode(
                new CopyChunkMessage(part, number, storage, bound(from), bound(to), bound(reached), rows, bytes, done));
    }

    public static CopyChunk decode(byte[] bytes) {
        CopyChunkMessage m = CODEC.decode(bytes);
        return new CopyChunk(
                m.getPart(),
                m.getNumber(),
                m.getStorage(),
                values(m.getFrom()),
                values(m.getTo()),
                values(m.getReached()),
                m.getRows(),
                m.getBytes(),
                m.getDone());
    }

    private static @Nullable List<dev.lockstep.schemas.avro.Value> bound(@Nullable List<Value> values) {
        return values == null ? null : Values.toAvro(values);
    }

    private static @Nullable List<Value> values(@Nullable List<dev.lockstep.schemas.avro.Value> bound) {
        return bound == null ? null : Values.fromAvro(bound);
    }
}
