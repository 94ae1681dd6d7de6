package dev.lockstep.schemas.message;

import dev.lockstep.schemas.avro.ChangeEventMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Avro's single-object encoding (Avro specification, "Single-object encoding": two marker bytes, the writer schema's CRC-64
 * fingerprint, the body) of one message type. Reads what any committed version of the type has written. Thread-safe.
 */
public final class Codec<M extends SpecificRecordBase> {

    static {
        // Avro makes objects of trusted classes only: its own, and those that our own files name.
        String ours = ChangeEventMessage.class.getPackageName();
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(),
                type -> type.getPackageName().equals(ours)));
    }

    private final BinaryMessageEncoder<M> encoder;
    private final BinaryMessageDecoder<M> decoder;

    Codec(Class<M> type) {
        SpecificData model = SpecificData.getForClass(type);
        encoder = new BinaryMessageEncoder<>(model, model.getSchema(type));
        decoder = new BinaryMessageDecoder<>(model, model.getSchema(type));
        SchemaHistory.of(type).forEach(decoder::addSchema);
    }

    public byte[] encode(M message) {
        try {
            ByteBuffer buffer = encoder.encode(message);
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @throws UncheckedIOException if the bytes are not such a message
     */
    public M decode(byte[] bytes) {
        try {
            return decoder.decode(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
