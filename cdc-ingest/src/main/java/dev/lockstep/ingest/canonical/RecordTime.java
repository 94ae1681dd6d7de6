package dev.lockstep.ingest.canonical;

import dev.lockstep.schemas.row.Texts;
import dev.lockstep.schemas.row.Value;
import io.debezium.connector.postgresql.PostgresValueConverter;
import io.debezium.time.Timestamp;
import io.debezium.time.ZonedTimestamp;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.apache.kafka.connect.data.Schema;

/** Debezium's dates and timestamps. Infinities have no number: they are carried as the text that PostgreSQL alone reads. */
final class RecordTime {

    private static final long FOREVER_DAY = PostgresValueConverter.POSITIVE_INFINITY_LOCAL_DATE.toEpochDay();
    private static final long NEVER_DAY = PostgresValueConverter.NEGATIVE_INFINITY_LOCAL_DATE.toEpochDay();
    private static final long FOREVER = Texts.micros(PostgresValueConverter.POSITIVE_INFINITY_LOCAL_DATE_TIME);
    private static final long NEVER = Texts.micros(PostgresValueConverter.NEGATIVE_INFINITY_LOCAL_DATE_TIME);

    private static final long DAY = 86_400_000_000L;

    private RecordTime() {}

    static Value date(Number value) {
        long day = value.longValue();
        if (day == FOREVER_DAY) return new Value.Text("infinity");
        if (day == NEVER_DAY) return new Value.Text("-infinity");
        String impossible = ImpossibleDates.spelled(day);
        return impossible == null ? new Value.Date(day) : new Value.Text(impossible);
    }

    static Value localTimestamp(Schema schema, Number value) {
        long micros = Timestamp.SCHEMA_NAME.equals(schema.name())
                ? Math.multiplyExact(value.longValue(), 1000L)
                : value.longValue();
        if (micros == FOREVER) return new Value.Text("infinity");
        if (micros == NEVER) return new Value.Text("-infinity");
        String impossible = ImpossibleDates.spelled(Math.floorDiv(micros, DAY));
        if (impossible == null) return new Value.LocalTimestamp(micros);
        return new Value.Text(impossible + " " + Texts.time(Math.floorMod(micros, DAY)));
    }

    /**
     * @param type as the catalog spells it: MySQL's and MariaDB's begins after 1970-01-01T00:00:00Z, and keeps its zero date as that
     */
    static Value instant(String type, Schema schema, Object value) {
        if (!ZonedTimestamp.SCHEMA_NAME.equals(schema.name()) || !(value instanceof String text))
            throw RecordValue.unexpected(value);
        if (text.endsWith("infinity")) return new Value.Text(text);
        OffsetDateTime instant = OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC);
        long micros = Texts.micros(instant.truncatedTo(ChronoUnit.MICROS).toLocalDateTime());
        return micros == 0 && !type.endsWith("with time zone")
                ? new Value.Text("0000-00-00 00:00:00.000000")
                : new Value.Instant(micros);
    }
}
