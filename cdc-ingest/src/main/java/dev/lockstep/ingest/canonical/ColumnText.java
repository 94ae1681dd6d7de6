package dev.lockstep.ingest.canonical;

import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableMapping;
import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgArray;
import org.postgresql.util.PGobject;

/**
 * Takes PostgreSQL's values as the log spells them, where Debezium would make something less of them: it has no form for an
 * array's dimensions, a NaN among decimals, {@code 24:00}, or most of the types that only PostgreSQL has.
 */
public final class ColumnText implements CustomConverter<SchemaBuilder, RelationalColumn> {

    private static final Set<Kind> ALWAYS = Set.of(Kind.SPELLED, Kind.BITS, Kind.TIME);

    private final Set<String> columns = new HashSet<>();

    /** With the settings {@code tables} and {@code side} as {@link ChangeEventTransform} has them. */
    @Override
    public void configure(Properties settings) {
        Side side = Side.valueOf(settings.getProperty(ChangeEventTransform.SIDE).toUpperCase(Locale.ROOT));
        for (String encoded : settings.getProperty(ChangeEventTransform.TABLES).split(",")) {
            TableMapping table = Messages.decodeTable(Base64.getDecoder().decode(encoded));
            for (ColumnMapping column : table.columns())
                if (side == Side.SOURCE && isTaken(column.kind(), column.sourceType()))
                    columns.add(table.source() + "." + column.name());
                else if (side == Side.TARGET && isTaken(column.kind(), column.targetType()))
                    columns.add(table.target() + "." + column.targetName());
        }
    }

    private static boolean isTaken(Kind kind, String type) {
        return ALWAYS.contains(kind)
                || (kind == Kind.NUMBER && isDecimal(type))
                || type.equals("name")
                || type.equals("\"char\"");
    }

    private static boolean isDecimal(String type) {
        return !type.matches("smallint|integer|bigint|boolean|oid|bit\\(1\\)");
    }

    @Override
    public void converterFor(RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
        if (columns.contains(column.dataCollection() + "." + column.name()))
            registration.register(declared(SchemaBuilder.string(), column), ColumnText::text);
    }

    /** Optional, and with the column's own type in it: by that a changed one is noticed. */
    static SchemaBuilder declared(SchemaBuilder schema, RelationalColumn column) {
        return schema.optional().parameter("type", column.typeName() + " " + column.length() + " " + column.scale());
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value == null) return null;
        if (value instanceof String text) return text;
        if (UnchangedToastedReplicationMessageColumn.isUnchangedToastedValue(value)) return RecordValue.UNAVAILABLE;
        if (value instanceof BigDecimal number) return number.toPlainString();
        if (value instanceof PgArray || value instanceof Number) return value.toString();
        if (value instanceof io.debezium.data.SpecialValueDecimal number) return decimal(number);
        if (value instanceof PGobject object) return object.getValue();
        if (value instanceof byte[] bytes) return new String(bytes, StandardCharsets.UTF_8);
        throw new DataException("Debezium reads " + value.getClass().getName() + ", which has no known text");
    }

    private static String decimal(io.debezium.data.SpecialValueDecimal number) {
        return number.getDecimalValue().map(BigDecimal::toString).orElseGet(() -> special(number.toDouble()));
    }

    private static String special(double value) {
        return Double.toString(value);
    }
}
