package dev.lockstep.schemas.message;

import dev.lockstep.schemas.row.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads Avro's binary encoding (Avro specification, "Binary Encoding") of what a change holds, without Avro's objects in between. */
final class WireReader {

    private final byte[] bytes;
    private int at;

    WireReader(byte[] bytes, int from) {
        this.bytes = bytes;
        this.at = from;
    }

    boolean isAtEnd() {
        return at == bytes.length;
    }

    long varint() {
        long zigzag = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = bytes[at++];
            zigzag |= (next & 0x7fL) << shift;
            if (next >= 0) return (zigzag >>> 1) ^ -(zigzag & 1);
        }
        throw new IllegalArgumentException("not an Avro number");
    }

    String text() {
        int length = length();
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    @Nullable
    String optionalText() {
        return varint() == 0 ? null : text();
    }

    @Nullable
    List<Value> optionalValues() {
        return varint() == 0 ? null : values();
    }

    List<Value> values() {
        Value[] values = {};
        for (long items = varint(); items != 0; items = varint()) {
            if (items < 0) {
                items = -items;
                varint(); // the block's size in bytes
            }
            int filled = values.length;
            values = Arrays.copyOf(values, Math.addExact(filled, bounded(items)));
            for (int i = filled; i < values.length; i++) values[i] = value();
        }
        return Arrays.asList(values);
    }

    private Value value() {
        return switch (WireForm.branch(varint())) {
            case NULL -> Value.NULL;
            case LONG -> new Value.Whole(varint());
            case DECIMAL -> new Value.Exact(new BigDecimal(new BigInteger(octets()), (int) varint()));
            case FLOAT -> new Value.Single(Float.intBitsToFloat((int) fixed(4)));
            case DOUBLE -> new Value.Double(Double.longBitsToDouble(fixed(8)));
            case STRING -> new Value.Text(text());
            case BYTES -> new Value.Binary(octets());
            case DATE -> new Value.Date(varint());
            case TIME -> new Value.Time(varint());
            case LOCAL_TIMESTAMP -> new Value.LocalTimestamp(varint());
            case INSTANT -> new Value.Instant(varint());
            case JSON -> new Value.Json(text());
        };
    }

    private byte[] octets() {
        int length = length();
        byte[] octets = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return octets;
    }

    private long fixed(int size) {
        long bits = 0;
        for (int i = 0; i < size; i++) bits |= (bytes[at++] & 0xffL) << (8 * i);
        return bits;
    }

    private int length() {
        return bounded(varint());
    }

    /** A damaged length must not ask for memory that the message does not fill. */
    private int bounded(long length) {
        if (length < 0 || length > bytes.length - at) throw new IllegalArgumentException("an Avro message that is cut");
        return (int) length;
    }
}
