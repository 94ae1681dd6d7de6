package dev.lockstep.stream.prove;

import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.RowDigest;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/** What the proof keeps of a change event: the row's digest, not the row; or that a barrier passed. */
sealed interface Change {

    int lane();

    /**
     * A row got a new image on one side.
     *
     * @param position tells the clock of changes that are sent again; null behind it
     */
    record RowChange(
            Side side,
            int lane,
            RowDigest row,
            RowImage image,
            @Nullable Position position) implements Change {

        static final TypeInformation<RowChange> TYPE = new WireType<>(RowChange.class, new RowSerializer());
    }

    /** All that was committed before the barrier on this lane has been seen. */
    record LaneBarrier(int lane, long micros) implements Change {}

    TypeInformation<Change> TYPE = new WireType<>(Change.class, new Serializer());

    /** Public because Flink makes it by name. */
    final class RowSerializer extends WireSerializer<RowChange> {

        private static final long serialVersionUID = 1;
        private static final Side[] SIDES = Side.values();

        @Override
        public void serialize(RowChange change, DataOutputView target) throws IOException {
            target.writeByte(change.side().ordinal());
            target.writeInt(change.lane());
            writeDigest(change.row(), target);
            RowImage.SERIALIZER.serialize(change.image(), target);
            Position position = change.position();
            target.writeBoolean(position != null);
            if (position != null) writePosition(position, target);
        }

        @Override
        public RowChange deserialize(DataInputView source) throws IOException {
            return new RowChange(
                    SIDES[source.readByte()],
                    source.readInt(),
                    readDigest(source),
                    RowImage.SERIALIZER.deserialize(source),
                    source.readBoolean() ? readPosition(source) : null);
        }
    }

    /** Public because Flink makes it by name. */
    final class Serializer extends WireSerializer<Change> {

        private static final long serialVersionUID = 1;
        private static final RowSerializer ROWS = new RowSerializer();

        @Override
        public void serialize(Change change, DataOutputView target) throws IOException {
            target.writeBoolean(change instanceof LaneBarrier);
            if (change instanceof LaneBarrier barrier) {
                target.writeInt(barrier.lane());
                target.writeLong(barrier.micros());
            } else {
                ROWS.serialize((RowChange) change, target);
            }
        }

        @Override
        public Change deserialize(DataInputView source) throws IOException {
            if (source.readBoolean()) return new LaneBarrier(source.readInt(), source.readLong());
            return ROWS.deserialize(source);
        }
    }
}
