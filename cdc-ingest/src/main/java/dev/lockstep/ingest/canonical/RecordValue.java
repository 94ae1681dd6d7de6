package dev.lockstep.ingest.canonical;

import dev.lockstep.schemas.row.Uuids;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.PostgresSpelling;
import dev.lockstep.schemas.table.SpelledTimes;
import io.debezium.data.Bits;
import io.debezium.data.geometry.Geometry;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** One field of a Debezium record as the value that both sides agreed on. */
final class RecordValue {

    /** Stands where PostgreSQL's log leaves out an unchanged TOAST value; set as {@code unavailable.value.placeholder}. */
    static final String UNAVAILABLE = "__lockstep_unavailable_value_5d1f7c2e__";

    private static final byte[] UNAVAILABLE_BYTES = UNAVAILABLE.getBytes(StandardCharsets.UTF_8);

    private RecordValue() {}

    /**
     * @param type as the captured database's catalog spells it
     * @throws DataException if the value is not of the agreed kind, or the log does not have it
     */
    static Value of(Kind kind, String type, Schema schema, @Nullable Object value) {
        if (value == null) return Value.NULL;
        return switch (kind) {
            case NUMBER -> type.startsWith("year") ? year((Number) value) : number(value);
            case FLOAT -> new Value.Single(((Number) value).floatValue());
            case DOUBLE -> new Value.Double(((Number) value).doubleValue());
            case TEXT -> new Value.Text(type.startsWith("enum(") ? label(type, text(value)) : text(value));
            case PADDED_TEXT -> new Value.Text(withoutPadding(text(value)));
            case BINARY -> new Value.Binary(bytes(value));
            case DATE -> RecordTime.date((Number) value);
            case TIME ->
                new Value.Time(value instanceof String text ? SpelledTimes.time(text) : ((Number) value).longValue());
            case LOCAL_TIMESTAMP -> RecordTime.localTimestamp(schema, (Number) value);
            case INSTANT -> RecordTime.instant(type, schema, value);
            case JSON -> new Value.Json(text(value));
            case UUID ->
                new Value.Text(value instanceof String ? Uuids.canonical(text(value)) : Uuids.text(bytes(value)));
            case BITS -> new Value.Text(value instanceof String ? text(value) : bits(schema, bytes(value)));
            case SPELLED -> new Value.Text(PostgresSpelling.of(type, text(value)));
            case GEOMETRY -> new Value.Binary(shape((Struct) value));
        };
    }

    /** The log keeps years as counted from 1900, and 0 for the year 0. */
    private static Value year(Number value) {
        return new Value.Whole(value.intValue() == 1900 ? 0 : value.intValue());
    }

    /** One of an enum's labels: Debezium puts a backslash before each comma within. */
    private static String label(String type, String text) {
        if (!text.contains("\\,")) return text;
        String plain = text.replace("\\,", ",");
        if (type.contains("'" + text.replace("\\", "\\\\") + "'"))
            throw new DataException("labels with a backslash before a comma cannot be told from those without");
        return plain;
    }

    private static Value number(Object value) {
        if (value instanceof Boolean v) return Value.of(v);
        if (value instanceof BigDecimal v) return new Value.Exact(v);
        if (value instanceof Number v) return new Value.Whole(v.longValue());
        if (value instanceof String v)
            return v.endsWith("NaN") || v.endsWith("Infinity") ? new Value.Text(v) : new Value.Exact(new BigDecimal(v));
        throw unexpected(value);
    }

    /** Debezium's bits lie in little-endian order; the last is the rightmost of the declared length. */
    private static String bits(Schema schema, byte[] littleEndian) {
        int length = Integer.parseInt(schema.parameters().get(Bits.LENGTH_FIELD));
        BitSet bits = BitSet.valueOf(littleEndian);
        StringBuilder text = new StringBuilder(length);
        for (int bit = length - 1; bit >= 0; bit--) text.append(bits.get(bit) ? '1' : '0');
        return text.toString();
    }

    /** As MySQL and MariaDB store it: four octets of the reference system, least first, then well-known binary. */
    private static byte[] shape(Struct geometry) {
        byte[] wkb = geometry.getBytes(Geometry.WKB_FIELD);
        Integer system = geometry.getInt32(Geometry.SRID_FIELD);
        return ByteBuffer.allocate(4 + wkb.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(system == null ? 0 : system)
                .put(wkb)
                .array();
    }

    private static String text(Object value) {
        if (!(value instanceof String text)) throw unexpected(value);
        if (text.equals(UNAVAILABLE)) throw leftOut();
        return text;
    }

    private static String withoutPadding(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') end--;
        return text.substring(0, end);
    }

    private static byte[] bytes(Object value) {
        byte[] bytes;
        if (value instanceof byte[] array) bytes = array;
        else if (value instanceof ByteBuffer buffer) {
            bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
        } else throw unexpected(value);
        if (Arrays.equals(bytes, UNAVAILABLE_BYTES)) throw leftOut();
        return bytes;
    }

    private static DataException leftOut() {
        return new DataException(
                "the log leaves out an unchanged large value; set REPLICA IDENTITY FULL on the table, then copy it anew");
    }

    static DataException unexpected(Object value) {
        return new DataException(
                "Debezium delivers " + value.getClass().getName() + ", which is not of the agreed kind");
    }
}
