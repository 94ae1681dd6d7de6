package dev.lockstep.schemas.table;

import dev.lockstep.schemas.row.Texts;
import dev.lockstep.schemas.row.Value;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** How PostgreSQL's driver delivers each type. The session's time zone is UTC. */
final class PostgresColumns {

    private PostgresColumns() {}

    static ColumnReader of(String column, Kind kind, String type) {
        return new ColumnReader(
                column,
                switch (kind) {
                    case NUMBER -> number(type);
                    case FLOAT -> PostgresColumns::single;
                    case DOUBLE -> ColumnReader::ofDouble;
                    case TEXT -> ColumnReader::text;
                    case PADDED_TEXT -> ColumnReader::paddedText;
                    case BINARY -> ColumnReader::binary;
                    case DATE -> PostgresColumns::date;
                    case TIME -> PostgresColumns::time;
                    case LOCAL_TIMESTAMP -> PostgresColumns::localTimestamp;
                    case INSTANT -> PostgresColumns::instant;
                    case JSON -> ColumnReader::json;
                });
    }

    private static ColumnReader.Reading number(String type) {
        return switch (type) {
            case "smallint", "integer", "bigint" -> ColumnReader::whole;
            default -> type.startsWith("numeric") ? ColumnReader::exact : PostgresColumns::spelledNumber;
        };
    }

    /** Booleans, and domains over any kind of number. */
    private static Value spelledNumber(ResultSet row, int index) throws SQLException {
        String value = row.getString(index);
        if (value == null) return Value.NULL;
        return switch (value) {
            case "t" -> Value.of(true);
            case "f" -> Value.of(false);
            default -> new Value.Exact(new BigDecimal(value));
        };
    }

    private static Value single(ResultSet row, int index) throws SQLException {
        float value = row.getFloat(index);
        return value == 0 && row.wasNull() ? Value.NULL : new Value.Single(value);
    }

    private static Value date(ResultSet row, int index) throws SQLException {
        LocalDate value = row.getObject(index, LocalDate.class);
        return value == null ? Value.NULL : new Value.Date(value.toEpochDay());
    }

    private static Value time(ResultSet row, int index) throws SQLException {
        LocalTime value = row.getObject(index, LocalTime.class);
        return value == null ? Value.NULL : new Value.Time(Texts.micros(value));
    }

    private static Value localTimestamp(ResultSet row, int index) throws SQLException {
        LocalDateTime value = row.getObject(index, LocalDateTime.class);
        return value == null ? Value.NULL : new Value.LocalTimestamp(Texts.micros(value));
    }

    private static Value instant(ResultSet row, int index) throws SQLException {
        OffsetDateTime value = row.getObject(index, OffsetDateTime.class);
        return value == null
                ? Value.NULL
                : new Value.Instant(
                        Texts.micros(value.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()));
    }
}
