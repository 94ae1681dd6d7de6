package dev.lockstep.ingest.canonical;

import dev.lockstep.schemas.row.Texts;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.Kind;
import io.debezium.data.VariableScaleDecimal;
import io.debezium.time.Timestamp;
import io.debezium.time.ZonedTimestamp;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
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
     * @throws DataException if the value is not of the agreed kind, or the log does not have it
     */
    static Value of(Kind kind, Schema schema, @Nullable Object value) {
        if (value == null) return Value.NULL;
        return switch (kind) {
            case NUMBER -> number(value);
            case FLOAT -> new Value.Single(((Number) value).floatValue());
            case DOUBLE -> new Value.Double(((Number) value).doubleValue());
            case TEXT -> new Value.Text(text(value));
            case PADDED_TEXT -> new Value.Text(withoutPadding(text(value)));
            case BINARY -> new Value.Binary(bytes(value));
            case DATE -> new Value.Date(((Number) value).longValue());
            case TIME -> new Value.Time(((Number) value).longValue());
            case LOCAL_TIMESTAMP -> new Value.LocalTimestamp(localTimestamp(schema, (Number) value));
            case INSTANT -> new Value.Instant(instant(schema, value));
            case JSON -> new Value.Json(text(value));
        };
    }

    private static Value number(Object value) {
        if (value instanceof Boolean v) return Value.of(v);
        if (value instanceof BigDecimal v) return new Value.Exact(v);
        if (value instanceof Number v) return new Value.Whole(v.longValue());
        if (value instanceof Struct v)
            return new Value.Exact(VariableScaleDecimal.toLogical(v)
                    .getDecimalValue()
                    .orElseThrow(() ->
                            new DataException("a numeric column holds NaN or infinity, which no other engine stores")));
        throw unexpected(value);
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

    private static long localTimestamp(Schema schema, Number value) {
        return Timestamp.SCHEMA_NAME.equals(schema.name())
                ? Math.multiplyExact(value.longValue(), 1000L)
                : value.longValue();
    }

    private static long instant(Schema schema, Object value) {
        if (!ZonedTimestamp.SCHEMA_NAME.equals(schema.name()) || !(value instanceof String text))
            throw unexpected(value);
        OffsetDateTime instant = OffsetDateTime.parse(text);
        return Texts.micros(instant.truncatedTo(ChronoUnit.MICROS)
                .withOffsetSameInstant(java.time.ZoneOffset.UTC)
                .toLocalDateTime());
    }

    private static DataException leftOut() {
        return new DataException(
                "the log leaves out an unchanged large value; set REPLICA IDENTITY FULL on the table, then copy it anew");
    }

    private static DataException unexpected(Object value) {
        return new DataException(
                "Debezium delivers " + value.getClass().getName() + ", which is not of the agreed kind");
    }
}
