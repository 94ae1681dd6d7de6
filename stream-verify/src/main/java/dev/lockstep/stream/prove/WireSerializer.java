package dev.lockstep.stream.prove;

import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.row.RowDigest;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/** Base of the serializers of this package's immutable records: a subclass only writes and reads, and has a constructor without arguments. */
abstract class WireSerializer<T> extends TypeSerializerSingleton<T> {

    private static final long serialVersionUID = 1;

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public @Nullable T createInstance() {
        return null;
    }

    @Override
    public T copy(T from) {
        return from;
    }

    @Override
    public T copy(T from, T reuse) {
        return from;
    }

    @Override
    public T deserialize(T reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public TypeSerializerSnapshot<T> snapshotConfiguration() {
        return new WireSnapshot<>(this);
    }

    static void writeDigest(RowDigest digest, DataOutputView target) throws IOException {
        target.writeLong(digest.high());
        target.writeLong(digest.low());
    }

    static RowDigest readDigest(DataInputView source) throws IOException {
        return new RowDigest(source.readLong(), source.readLong());
    }

    static void writeOptional(@Nullable RowDigest digest, DataOutputView target) throws IOException {
        target.writeBoolean(digest != null);
        if (digest != null) writeDigest(digest, target);
    }

    static @Nullable RowDigest readOptional(DataInputView source) throws IOException {
        return source.readBoolean() ? readDigest(source) : null;
    }

    static void writePosition(Position position, DataOutputView target) throws IOException {
        target.writeLong(position.major());
        target.writeLong(position.minor());
        target.writeLong(position.index());
    }

    static Position readPosition(DataInputView source) throws IOException {
        return new Position(source.readLong(), source.readLong(), source.readLong());
    }

    static void writeBytes(byte[] bytes, DataOutputView target) throws IOException {
        target.writeInt(bytes.length);
        target.write(bytes);
    }

    static byte[] readBytes(DataInputView source) throws IOException {
        byte[] bytes = new byte[source.readInt()];
        source.readFully(bytes);
        return bytes;
    }
}
