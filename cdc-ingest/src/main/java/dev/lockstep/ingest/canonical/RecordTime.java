package dev.lockstep.ingest.canonical;

import dev.lockstep.schemas.row.Texts;
import dev.lockstep.schemas.row.Value;
import io.debezium.connector.postgresql.PostgresValueConverter;
import io.debezium.time.Timestamp;
import io.debezium.time.ZonedTimestamp;
import java.time.LocalDate;
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
        long micros = micros(text);
        return micros == 0 && !type.endsWith("with time zone")
                ? new Value.Text("0000-00-00 00:00:00.000000")
                : new Value.Instant(micros);
    }

    /**
     * Of ISO 8601 with an offset. {@code 2026-11-22T07:05:00.25Z}, which is what the connectors write but for the oddest years, is read
     * here: a parser took a third of the time of a whole change.
     */
    static long micros(String text) {
        int end = text.length() - 1;
        if (end < 19 || text.charAt(end) != 'Z' || text.charAt(4) != '-' || !Character.isDigit(text.charAt(0))) {
            OffsetDateTime instant = OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC);
            return Texts.micros(instant.truncatedTo(ChronoUnit.MICROS).toLocalDateTime());
        }
        long day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                .toEpochDay();
        long seconds = (number(text, 11, 13) * 60L + number(text, 14, 16)) * 60 + number(text, 17, 19);
        int fraction = Math.min(end, 26);
        long micros = fraction > 20 ? number(text, 20, fraction) : 0;
        for (int digits = Math.max(fraction - 20, 0); digits < 6; digits++) micros *= 10;
        return day * DAY + seconds * 1_000_000 + micros;
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }
}
