package dev.lockstep.stream.prove;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.RowDigest;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * What one row's change adds to its table's totals.
 *
 * @param table its {@link ProvenTable#code()}
 * @param rows that the side gained: 1, 0 or −1
 * @param sum of digests that the side gained, modulo 2^128
 * @param mismatches opened less healed
 * @param bytes of the change on the wire; 0 where no row changed
 */
record TableDelta(long table, Side side, int rows, RowDigest sum, int mismatches, int bytes) {

    static final TypeInformation<TableDelta> TYPE = new WireType<>(TableDelta.class, new Serializer());

    /** One side's row became the image. */
    static TableDelta change(Side side, @Nullable RowDigest before, RowImage image) {
        RowDigest after = image.digest();
        RowDigest sum = (after == null ? RowDigest.ZERO : after).minus(before == null ? RowDigest.ZERO : before);
        int rows = (after == null ? 0 : 1) - (before == null ? 0 : 1);
        return new TableDelta(image.table(), side, rows, sum, 0, image.bytes());
    }

    /** A mismatch was opened (1) or healed (−1). */
    static TableDelta mismatch(long table, int change) {
        return new TableDelta(table, Side.SOURCE, 0, RowDigest.ZERO, change, 0);
    }

    /** Public because Flink makes it by name. */
    public static final class Serializer extends WireSerializer<TableDelta> {

        private static final long serialVersionUID = 1;
        private static final Side[] SIDES = Side.values();

        @Override
        public void serialize(TableDelta delta, DataOutputView target) throws IOException {
            target.writeLong(delta.table);
            target.writeByte(delta.side.ordinal());
            target.writeByte(delta.rows);
            writeDigest(delta.sum, target);
            target.writeByte(delta.mismatches);
            target.writeInt(delta.bytes);
        }

        @Override
        public TableDelta deserialize(DataInputView source) throws IOException {
            return new TableDelta(
                    source.readLong(),
                    SIDES[source.readByte()],
                    source.readByte(),
                    readDigest(source),
                    source.readByte(),
                    source.readInt());
        }
    }
}
