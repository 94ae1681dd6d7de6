package dev.lockstep.schemas.message;

import dev.lockstep.schemas.message.WireForm.Branch;
import dev.lockstep.schemas.row.Value;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what {@link WireReader} reads, byte for byte as Avro does. Not thread-safe; reused between messages. */
final class WireWriter {

    private static final int KEPT = 1 << 20;

    private byte[] bytes = new byte[512];
    private int size;

    WireWriter start(byte[] header) {
        if (bytes.length > KEPT) bytes = new byte[512]; // one huge row is no reason to hold its size for ever
        System.arraycopy(header, 0, bytes, 0, header.length);
        size = header.length;
        return this;
    }

    byte[] end() {
        return Arrays.copyOf(bytes, size);
    }

    void varint(long value) {
        reserve(10);
        long zigzag = (value << 1) ^ (value >> 63);
        while ((zigzag & ~0x7fL) != 0) {
            bytes[size++] = (byte) (zigzag | 0x80);
            zigzag >>>= 7;
        }
        bytes[size++] = (byte) zigzag;
    }

    void text(String text) {
        octets(text.getBytes(StandardCharsets.UTF_8));
    }

    void optionalText(@Nullable String text) {
        varint(text == null ? 0 : 1);
        if (text != null) text(text);
    }

    void optionalValues(@Nullable List<Value> values) {
        varint(values == null ? 0 : 1);
        if (values != null) values(values);
    }

    void values(List<Value> values) {
        int count = values.size();
        if (count > 0) varint(count);
        for (int i = 0; i < count; i++) value(values.get(i));
        varint(0);
    }

    private void value(Value value) {
        if (value instanceof Value.Null) branch(Branch.NULL);
        else if (value instanceof Value.Whole v) number(Branch.LONG, v.value());
        else if (value instanceof Value.Text v) text(Branch.STRING, v.value());
        else if (value instanceof Value.Exact v) {
            branch(Branch.DECIMAL);
            octets(v.value().unscaledValue().toByteArray());
            varint(v.value().scale());
        } else if (value instanceof Value.Single v) fixed(Branch.FLOAT, Float.floatToRawIntBits(v.value()), 4);
        else if (value instanceof Value.Double v) fixed(Branch.DOUBLE, Double.doubleToRawLongBits(v.value()), 8);
        else if (value instanceof Value.Binary v) {
            branch(Branch.BYTES);
            octets(v.value());
        } else if (value instanceof Value.Date v) number(Branch.DATE, v.epochDay());
        else if (value instanceof Value.Time v) number(Branch.TIME, v.micros());
        else if (value instanceof Value.LocalTimestamp v) number(Branch.LOCAL_TIMESTAMP, v.micros());
        else if (value instanceof Value.Instant v) number(Branch.INSTANT, v.micros());
        else if (value instanceof Value.Json v) text(Branch.JSON, v.text());
        else throw new WireForm.Unknown();
    }

    private void branch(Branch branch) {
        varint(WireForm.index(branch));
    }

    private void number(Branch branch, long value) {
        branch(branch);
        varint(value);
    }

    private void text(Branch branch, String text) {
        branch(branch);
        text(text);
    }

    private void fixed(Branch branch, long bits, int count) {
        branch(branch);
        reserve(count);
        for (int i = 0; i < count; i++) bytes[size++] = (byte) (bits >>> (8 * i));
    }

    private void octets(byte[] octets) {
        varint(octets.length);
        reserve(octets.length);
        System.arraycopy(octets, 0, bytes, size, octets.length);
        size += octets.length;
    }

    private void reserve(int more) {
        if (size + more > bytes.length)
            bytes = Arrays.copyOf(bytes, (int)
                    Math.min(Integer.MAX_VALUE - 8, Math.max(bytes.length * 2L, (long) size + more)));
    }
}
