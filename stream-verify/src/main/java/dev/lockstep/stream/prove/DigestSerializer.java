package dev.lockstep.stream.prove;

import dev.lockstep.schemas.row.RowDigest;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** 16 bytes. Public because Flink makes it by name. */
public final class DigestSerializer extends WireSerializer<RowDigest> {

    private static final long serialVersionUID = 1;

    static final TypeInformation<RowDigest> TYPE = new WireType<>(RowDigest.class, new DigestSerializer());

    @Override
    public void serialize(RowDigest digest, DataOutputView target) throws IOException {
        writeDigest(digest, target);
    }

    @Override
    public RowDigest deserialize(DataInputView source) throws IOException {
        return readDigest(source);
    }

    @Override
    public int getLength() {
        return RowDigest.BYTES;
    }
}
