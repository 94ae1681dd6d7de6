package dev.lockstep.stream.prove;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.RowDigest;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * What rows' changes on one side add to their table's totals.
 *
 * @param table its {@link ProvenTable#code()}
 * @param changes how many, one for all of a row's that have the same time
 * @param bytes of the changes on the wire
 * @param rows that the side gained, less those that it lost
 * @param sum of digests that the side gained, modulo 2^128
 * @param mismatches opened less healed
 */
record TableDelta(long table, Side side, long changes, long bytes, long rows, RowDigest sum, long mismatches) {

    static final TypeInformation<TableDelta> TYPE = new WireType<>(TableDelta.class, new Serializer());

    /** One side's row became the image. */
    static TableDelta change(Side side, @Nullable RowDigest before, RowImage image) {
        RowDigest after = image.digest();
        RowDigest sum = (after == null ? RowDigest.ZERO : after).minus(before == null ? RowDigest.ZERO : before);
        int rows = (after == null ? 0 : 1) - (before == null ? 0 : 1);
        return new TableDelta(image.table(), side, 1, image.bytes(), rows, sum, 0);
    }

    /** A mismatch was opened (1) or healed (−1). */
    static TableDelta mismatch(long table, int change) {
        return new TableDelta(table, Side.SOURCE, 0, 0, 0, RowDigest.ZERO, change);
    }

    /** Both, of one table and side. */
    TableDelta plus(TableDelta other) {
        return new TableDelta(
                table,
                side,
                changes + other.changes,
                bytes + other.bytes,
                rows + other.rows,
                sum.plus(other.sum),
                mismatches + other.mismatches);
    }

    /** Public because Flink makes it by name. */
    public static final class Serializer extends WireSerializer<TableDelta> {

        private static final long serialVersionUID = 1;
        private static final Side[] SIDES = Side.values();

        @Override
        public void serialize(TableDelta delta, DataOutputView target) throws IOException {
            target.writeLong(delta.table);
            target.writeByte(delta.side.ordinal());
            target.writeLong(delta.changes);
            target.writeLong(delta.bytes);
            target.writeLong(delta.rows);
            writeDigest(delta.sum, target);
            target.writeLong(delta.mismatches);
        }

        @Override
        public TableDelta deserialize(DataInputView source) throws IOException {
            return new TableDelta(
                    source.readLong(),
                    SIDES[source.readByte()],
                    source.readLong(),
                    source.readLong(),
                    source.readLong(),
                    readDigest(source),
                    source.readLong());
        }
    }
}
