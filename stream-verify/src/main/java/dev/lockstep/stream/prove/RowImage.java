package dev.lockstep.stream.prove;

import dev.lockstep.schemas.row.RowDigest;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * How a row looks on one side after a change.
 *
 * @param table its {@link ProvenTable#code()}
 * @param key the RowKey as the topic of changes has it, to name the row in a mismatch
 * @param digest null where the row is gone
 * @param bytes of the change on the wire
 */
record RowImage(long table, byte[] key, @Nullable RowDigest digest, int bytes) {

    static final Serializer SERIALIZER = new Serializer();
    static final TypeInformation<RowImage> TYPE = new WireType<>(RowImage.class, SERIALIZER);

    /** Public because Flink makes it by name. */
    public static final class Serializer extends WireSerializer<RowImage> {

        private static final long serialVersionUID = 1;

        @Override
        public void serialize(RowImage image, DataOutputView target) throws IOException {
            target.writeLong(image.table);
            writeBytes(image.key, target);
            writeOptional(image.digest, target);
            target.writeInt(image.bytes);
        }

        @Override
        public RowImage deserialize(DataInputView source) throws IOException {
            return new RowImage(source.readLong(), readBytes(source), readOptional(source), source.readInt());
        }
    }
}
