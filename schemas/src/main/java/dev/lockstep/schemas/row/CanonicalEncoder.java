package dev.lockstep.schemas.row;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the canonical form of values: injective (a tag and, where the size varies, a length before every value, so no two
 * different rows meet), and the same whichever engine and path the value came by. Not thread-safe; reused between rows.
 *
 * <p>Numbers of every exact type are one family without trailing zeros: {@code tinyint(1)} 1, {@code true} and
 * {@code numeric} 1.00 meet. Floats keep their bits (−0 is not 0), NaN has one. Text is UTF-8; JSON is parsed, its keys sorted.
 */
public final class CanonicalEncoder {

    private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private byte[] bytes = new byte[256];
    private int size;

    /** Forgets what was written. */
    public CanonicalEncoder reset() {
        size = 0;
        return this;
    }

    public CanonicalEncoder text(String text) {
        tag('T');
        return sized(text.getBytes(StandardCharsets.UTF_8));
    }

    public CanonicalEncoder values(List<Value> values) {
        tag('[');
        raw64(values.size());
        for (int i = 0; i < values.size(); i++) value(values.get(i));
        return this;
    }

    public CanonicalEncoder value(Value value) {
        if (value instanceof Value.Null) return tag('0');
        if (value instanceof Value.Whole v) return whole(v.value(), 0);
        if (value instanceof Value.Exact v) return exact(v.value());
        if (value instanceof Value.Single v) return tag('F').raw64(Float.floatToIntBits(v.value()));
        if (value instanceof Value.Double v) return tag('D').raw64(Double.doubleToLongBits(v.value()));
        if (value instanceof Value.Text v) return text(v.value());
        if (value instanceof Value.Binary v) return tag('B').sized(v.value());
        if (value instanceof Value.Date v) return tag('d').raw64(v.epochDay());
        if (value instanceof Value.Time v) return tag('t').raw64(v.micros());
        if (value instanceof Value.LocalTimestamp v) return tag('l').raw64(v.micros());
        if (value instanceof Value.Instant v) return tag('i').raw64(v.micros());
        CanonicalJson.write(((Value.Json) value).text(), tag('J'));
        return this;
    }

    /** The bytes written since the last reset; a copy. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    RowDigest digest() {
        return RowDigest.of(bytes, size);
    }

    CanonicalEncoder exact(BigDecimal value) {
        BigInteger unscaled = value.unscaledValue();
        if (unscaled.compareTo(LONG_MIN) >= 0 && unscaled.compareTo(LONG_MAX) <= 0)
            return whole(unscaled.longValue(), value.scale());
        BigDecimal stripped = value.stripTrailingZeros();
        unscaled = stripped.unscaledValue();
        if (unscaled.bitLength() < Long.SIZE) return whole(unscaled.longValue(), stripped.scale());
        return tag('X').raw64(stripped.scale()).sized(unscaled.toByteArray());
    }

    /** unscaled * 10^-scale, its trailing zeros moved into the scale. */
    private CanonicalEncoder whole(long unscaled, int scale) {
        long digits = unscaled;
        long exponent = digits == 0 ? 0 : scale;
        while (digits != 0 && digits % 10 == 0) {
            digits /= 10;
            exponent--;
        }
        return tag('N').raw64(exponent).raw64(digits);
    }

    CanonicalEncoder tag(char tag) {
        reserve(1);
        bytes[size++] = (byte) tag;
        return this;
    }

    CanonicalEncoder raw64(long value) {
        reserve(8);
        for (int shift = 56; shift >= 0; shift -= 8) bytes[size++] = (byte) (value >>> shift);
        return this;
    }

    private CanonicalEncoder sized(byte[] content) {
        raw64(content.length);
        reserve(content.length);
        System.arraycopy(content, 0, bytes, size, content.length);
        size += content.length;
        return this;
    }

    private void reserve(int more) {
        if (size + more > bytes.length) bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
}
