package dev.lockstep.stream.lag;

import dev.lockstep.schemas.avro.Stage;
import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;

/** Keys of the stores. They sort by stage, then by number; numbers are not negative. */
final class Keys {

    private Keys() {}

    static Bytes of(Stage stage) {
        return Bytes.wrap(new byte[] {(byte) stage.ordinal()});
    }

    static Bytes of(Stage stage, long number) {
        return Bytes.wrap(ByteBuffer.allocate(1 + Long.BYTES)
                .put((byte) stage.ordinal())
                .putLong(Math.max(0, number))
                .array());
    }

    static long number(Bytes key) {
        return ByteBuffer.wrap(key.get()).getLong(1);
    }
}
