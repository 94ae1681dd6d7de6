package dev.lockstep.ingest.canonical;

import com.github.shyiko.mysql.binlog.event.deserialization.json.JsonBinary;
import dev.lockstep.schemas.table.MySqlCharset;
import io.debezium.connector.binlog.event.RowDeserializers;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Takes the values of MySQL's and MariaDB's log as they are, where Debezium would change them: it spells JSON's doubles in up to 300
 * digits, rounds {@code double(10,2)} anew, and reads octets that a character set does not have as question marks.
 */
public final class BinlogColumn implements CustomConverter<SchemaBuilder, RelationalColumn> {

    /** Set to the engine's name: MariaDB's JSON is text. */
    public static final String ENGINE = "engine";

    private boolean hasBinaryJson;

    /**
     * @throws ConnectException if Debezium's own reading of dates came first on the class path
     */
    @Override
    public void configure(Properties settings) {
        hasBinaryJson = "mysql".equals(settings.getProperty(ENGINE));
        ClassPath.check(RowDeserializers.class, "KEEPS_IMPOSSIBLE_DATES", "read 0000-00-00 as NULL");
    }

    @Override
    public void converterFor(RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
        String type = column.typeName().toUpperCase(Locale.ROOT);
        Optional<MySqlCharset> charset = Optional.ofNullable(column.charsetName())
                .flatMap(MySqlCharset::of)
                .filter(MySqlCharset::isDecodedHere);
        if (hasBinaryJson && type.equals("JSON"))
            registration.register(ColumnText.declared(SchemaBuilder.string(), column), BinlogColumn::json);
        else if (type.startsWith("DOUBLE") && column.scale().isPresent())
            registration.register(ColumnText.declared(SchemaBuilder.float64(), column), BinlogColumn::real);
        else if (charset.isPresent() && type.matches("(VAR)?CHAR.*|(TINY|MEDIUM|LONG)?TEXT.*"))
            registration.register(
                    ColumnText.declared(SchemaBuilder.string(), column), value -> text(charset.get(), value));
    }

    private static @Nullable Object real(@Nullable Object value) {
        return value instanceof Number number ? (Double) number.doubleValue() : value;
    }

    private static @Nullable String text(MySqlCharset charset, @Nullable Object value) {
        if (value == null) return null;
        if (value instanceof byte[] octets) return charset.decode(octets);
        return value.toString();
    }

    private static @Nullable String json(@Nullable Object value) {
        if (!(value instanceof byte[] document)) return value == null ? null : value.toString();
        if (document.length == 0) return null;
        try {
            JsonText text = new JsonText();
            JsonBinary.parse(document, text);
            return text.getString();
        } catch (IOException e) {
            throw new DataException("a JSON document that cannot be read", e);
        }
    }
}
