package dev.lockstep.schemas.table;

import dev.lockstep.schemas.row.Texts;
import dev.lockstep.schemas.row.Value;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.function.Function;
import java.util.function.Supplier;

/** How PostgreSQL's driver delivers each type. The session's time zone is UTC. */
final class PostgresColumns {

    private PostgresColumns() {}

    static ColumnReader of(String column, Kind kind, String type) {
        return switch (kind) {
            case NUMBER -> number(column, type);
            case FLOAT -> new ColumnReader(column, PostgresColumns::single);
            case DOUBLE -> new ColumnReader(column, ColumnReader::ofDouble);
            case TEXT -> new ColumnReader(column, ColumnReader::text);
            case PADDED_TEXT -> new ColumnReader(column, ColumnReader::paddedText);
            case BINARY, GEOMETRY -> new ColumnReader(column, ColumnReader::binary);
            case DATE -> new ColumnReader(column, PostgresColumns::date);
            case TIME -> spelled(column, text -> new Value.Time(SpelledTimes.time(text)));
            case LOCAL_TIMESTAMP -> new ColumnReader(column, PostgresColumns::localTimestamp);
            case INSTANT -> new ColumnReader(column, PostgresColumns::instant);
            case JSON -> new ColumnReader(column, ColumnReader::json);
            case UUID -> type.equals("bytea") ? ColumnReader.uuidOctets(column) : ColumnReader.uuid(column);
            case BITS -> spelled(column, Value.Text::new);
            case SPELLED ->
                ColumnReader.spelled(shown(column), text -> new Value.Text(PostgresSpelling.of(type, text)));
        };
    }

    private static ColumnReader number(String column, String type) {
        return switch (type) {
            case "smallint", "integer", "bigint" -> new ColumnReader(column, ColumnReader::whole);
            case "money" -> new ColumnReader("(" + column + "::numeric)", PostgresColumns::spelledNumber);
            default -> new ColumnReader(column, PostgresColumns::spelledNumber);
        };
    }

    private static ColumnReader spelled(String column, Function<String, Value> parser) {
        return ColumnReader.spelled("(" + column + "::text)", parser);
    }

    /** As the log has it, by the type's output function: a cast of inet to text would add its mask. */
    private static String shown(String column) {
        return "case num_nonnulls(" + column + ") when 1 then concat(" + column + ") end";
    }

    /** Decimals with their NaN and infinities, booleans, bits, and domains over any of them. */
    private static Value spelledNumber(ResultSet row, int index) throws SQLException {
        String value = row.getString(index);
        if (value == null) return Value.NULL;
        return switch (value) {
            case "t" -> Value.of(true);
            case "f" -> Value.of(false);
            case "NaN", "Infinity", "-Infinity" -> new Value.Text(value);
            default -> new Value.Exact(new BigDecimal(value));
        };
    }

    private static Value single(ResultSet row, int index) throws SQLException {
        float value = row.getFloat(index);
        return value == 0 && row.wasNull() ? Value.NULL : new Value.Single(value);
    }

    private static Value date(ResultSet row, int index) throws SQLException {
        LocalDate value = row.getObject(index, LocalDate.class);
        if (value == null) return Value.NULL;
        return endless(value, LocalDate.MIN, LocalDate.MAX, () -> new Value.Date(value.toEpochDay()));
    }

    private static Value localTimestamp(ResultSet row, int index) throws SQLException {
        LocalDateTime value = row.getObject(index, LocalDateTime.class);
        if (value == null) return Value.NULL;
        return endless(
                value, LocalDateTime.MIN, LocalDateTime.MAX, () -> new Value.LocalTimestamp(Texts.micros(value)));
    }

    private static Value instant(ResultSet row, int index) throws SQLException {
        OffsetDateTime value = row.getObject(index, OffsetDateTime.class);
        if (value == null) return Value.NULL;
        return endless(
                value,
                OffsetDateTime.MIN,
                OffsetDateTime.MAX,
                () -> new Value.Instant(
                        Texts.micros(value.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime())));
    }

    /** Infinities have no number: they are carried as the text that PostgreSQL alone reads. */
    private static <T> Value endless(T value, T min, T max, Supplier<Value> finite) {
        if (value.equals(max)) return new Value.Text("infinity");
        return value.equals(min) ? new Value.Text("-infinity") : finite.get();
    }
}
