package dev.lockstep.schemas.message;

import dev.lockstep.schemas.avro.DateValue;
import dev.lockstep.schemas.avro.DecimalValue;
import dev.lockstep.schemas.avro.InstantValue;
import dev.lockstep.schemas.avro.JsonValue;
import dev.lockstep.schemas.avro.LocalTimestampValue;
import dev.lockstep.schemas.avro.TimeValue;
import dev.lockstep.schemas.row.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values to the Avro union of {@code Value.avsc} and back. */
public final class Values {

    private Values() {}

    public static List<dev.lockstep.schemas.avro.Value> toAvro(List<Value> values) {
        List<dev.lockstep.schemas.avro.Value> result = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) result.add(new dev.lockstep.schemas.avro.Value(toAvro(values.get(i))));
        return result;
    }

    public static List<Value> fromAvro(List<dev.lockstep.schemas.avro.Value> values) {
        List<Value> result = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++)
            result.add(fromAvro(values.get(i).getValue()));
        return result;
    }

    private static @Nullable Object toAvro(Value value) {
        if (value instanceof Value.Null) return null;
        if (value instanceof Value.Whole v) return v.value();
        if (value instanceof Value.Exact v)
            return new DecimalValue(
                    ByteBuffer.wrap(v.value().unscaledValue().toByteArray()),
                    v.value().scale());
        if (value instanceof Value.Single v) return v.value();
        if (value instanceof Value.Double v) return v.value();
        if (value instanceof Value.Text v) return v.value();
        if (value instanceof Value.Binary v) return ByteBuffer.wrap(v.value());
        if (value instanceof Value.Date v) return new DateValue(v.epochDay());
        if (value instanceof Value.Time v) return new TimeValue(v.micros());
        if (value instanceof Value.LocalTimestamp v) return new LocalTimestampValue(v.micros());
        if (value instanceof Value.Instant v) return new InstantValue(v.micros());
        return new JsonValue(((Value.Json) value).text());
    }

    private static Value fromAvro(@Nullable Object value) {
        if (value == null) return Value.NULL;
        if (value instanceof Long v) return new Value.Whole(v);
        if (value instanceof DecimalValue v)
            return new Value.Exact(new BigDecimal(new BigInteger(bytes(v.getUnscaled())), v.getScale()));
        if (value instanceof Float v) return new Value.Single(v);
        if (value instanceof Double v) return new Value.Double(v);
        if (value instanceof CharSequence v) return new Value.Text(v.toString());
        if (value instanceof ByteBuffer v) return new Value.Binary(bytes(v));
        if (value instanceof DateValue v) return new Value.Date(v.getEpochDay());
        if (value instanceof TimeValue v) return new Value.Time(v.getMicros());
        if (value instanceof LocalTimestampValue v) return new Value.LocalTimestamp(v.getMicros());
        if (value instanceof InstantValue v) return new Value.Instant(v.getMicros());
        return new Value.Json(((JsonValue) value).getText());
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
