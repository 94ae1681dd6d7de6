package dev.lockstep.stream.prove;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.util.FlinkException;
import org.apache.flink.util.InstantiationUtil;
import org.jspecify.annotations.Nullable;

/**
 * Names a {@link WireSerializer} in a checkpoint. The bytes themselves carry no version: who changes a serializer raises the
 * state format in {@link ProofConfig}. Public because Flink makes it by name.
 */
public final class WireSnapshot<T> implements TypeSerializerSnapshot<T> {

    private @Nullable TypeSerializer<T> serializer;

    /** For Flink, which then calls {@link #readSnapshot}. */
    public WireSnapshot() {}

    WireSnapshot(TypeSerializer<T> serializer) {
        this.serializer = serializer;
    }

    @Override
    public int getCurrentVersion() {
        return 1;
    }

    @Override
    public void writeSnapshot(DataOutputView out) throws IOException {
        out.writeUTF(restoreSerializer().getClass().getName());
    }

    @Override
    @SuppressWarnings("unchecked") // it was written from such a serializer
    public void readSnapshot(int version, DataInputView in, ClassLoader loader) throws IOException {
        try {
            serializer = InstantiationUtil.instantiate(in.readUTF(), TypeSerializer.class, loader);
        } catch (FlinkException e) {
            throw new IOException("the checkpoint names a serializer that is not there: " + e.getMessage(), e);
        }
    }

    @Override
    public TypeSerializer<T> restoreSerializer() {
        if (serializer == null) throw new IllegalStateException("not read yet");
        return serializer;
    }

    @Override
    public TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(TypeSerializerSnapshot<T> old) {
        return old.restoreSerializer().equals(serializer)
                ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                : TypeSerializerSchemaCompatibility.incompatible();
    }
}
