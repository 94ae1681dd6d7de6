package dev.lockstep.schemas.row;

import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

/**
 * 128 bits of XXH3 over a row's canonical form, or a sum of such modulo 2^128. Sums make a table's digest: adding and removing
 * a row are one operation each, order does not matter, and a doubled row counts twice (which XOR would lose).
 */
public record RowDigest(long high, long low) {

    public static final RowDigest ZERO = new RowDigest(0, 0);
    public static final int BYTES = 16;

    private static final ThreadLocal<CanonicalEncoder> ENCODERS = ThreadLocal.withInitial(CanonicalEncoder::new);

    /** The digest of a row of a table. */
    public static RowDigest of(String table, Row row) {
        return of(table, row.values());
    }

    /** The digest of a key: names the row on both sides, whatever types the two engines keep the key in. */
    public static RowDigest of(RowKey key) {
        return of(key.table(), key.values());
    }

    private static RowDigest of(String table, List<Value> values) {
        return ENCODERS.get().reset().text(table).values(values).digest();
    }

    static RowDigest of(byte[] bytes, int length) {
        HashValue128 hash = Hashing.xxh3_128().hashBytesTo128Bits(bytes, 0, length);
        return new RowDigest(hash.getMostSignificantBits(), hash.getLeastSignificantBits());
    }

    public RowDigest plus(RowDigest other) {
        long sum = low + other.low;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        return new RowDigest(high + other.high + carry, sum);
    }

    public RowDigest minus(RowDigest other) {
        long borrow = Long.compareUnsigned(low, other.low) < 0 ? 1 : 0;
        return new RowDigest(high - other.high - borrow, low - other.low);
    }

    /** Big-endian. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }

    public static RowDigest fromBytes(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new RowDigest(buffer.getLong(), buffer.getLong());
    }

    /** 32 hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }
}
