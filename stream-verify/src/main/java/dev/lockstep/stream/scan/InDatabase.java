package dev.lockstep.stream.scan;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A digest of many rows that the database itself computes: 64 bits a row, summed modulo 2^64 by exclusive or, so that equal ranges never
 * leave the server. It may call equal rows different (their types are spelled otherwise), never different rows equal, but for one
 * chance in 2^64.
 *
 * <p>The row's hash must not be linear: of {@code crc32}, exclusive or does not see two rows that have swapped a value.
 * PostgreSQL hashes the record itself, texts by their octets; MySQL and MariaDB hash its text, each value behind its length, with
 * {@code sha2}, which every supported version has (MySQL 9.6 has no {@code md5} any more).
 */
final class InDatabase {

    private InDatabase() {}

    /** What to select for the digest, if this table's columns and both engines allow one. */
    static Optional<String> digest(Dialect source, Dialect target, TableMapping table, Side side) {
        if (!isSameFamily(source, target)) return Optional.empty();
        boolean postgres = source.engine().equals("postgresql");
        for (ColumnMapping column : table.columns())
            if (!column.sourceType().equals(column.targetType()) || !(postgres || isExactAsText(column)))
                return Optional.empty();
        return Optional.of(postgres ? ofRecord(source, table, side) : ofText(source, table, side));
    }

    private static boolean isSameFamily(Dialect source, Dialect target) {
        return source.engine().equals(target.engine())
                || (!source.engine().equals("postgresql") && !target.engine().equals("postgresql"));
    }

    private static String ofRecord(Dialect dialect, TableMapping table, Side side) {
        String values = table.columns().stream()
                .map(column -> hashed(column, dialect.quote(nameOf(column, side))))
                .collect(Collectors.joining(", ", "row(", ")"));
        return "count(*), bit_xor(hash_record_extended(" + values + ", 0))";
    }

    /** What the type's own equality would take for equal, and the proof does not, is hashed as text. */
    private static String hashed(ColumnMapping column, String name) {
        return switch (column.kind()) {
            case NUMBER, BINARY, DATE, TIME, LOCAL_TIMESTAMP, INSTANT -> name;
            default -> name + "::text collate \"C\"";
        };
    }

    private static String ofText(Dialect dialect, TableMapping table, Side side) {
        String values = table.columns().stream()
                .map(column -> dialect.quote(nameOf(column, side)))
                .map(name -> "coalesce(concat(length(" + name + "), ':', " + name + "), '-')")
                .collect(Collectors.joining(", ", "concat(", ")"));
        return "count(*), bit_xor(cast(conv(left(sha2(" + values + ", 256), 16), 16, 10) as unsigned))";
    }

    /** A float shows six digits of what it holds, and {@code double(10,2)} two. */
    private static boolean isExactAsText(ColumnMapping column) {
        return column.kind() != Kind.FLOAT
                && column.kind() != Kind.GEOMETRY
                && !column.sourceType().matches("(?i)double\\(.*|bit.*");
    }

    private static String nameOf(ColumnMapping column, Side side) {
        return side == Side.SOURCE ? column.name() : column.targetName();
    }

    /** Rows and their digest. */
    record Sum(long rows, long digest) {

        static Sum read(ResultSet row) throws SQLException {
            String digest = row.getString(2); // MySQL's has no sign
            return new Sum(
                    row.getLong(1),
                    digest == null
                            ? 0
                            : digest.startsWith("-") ? Long.parseLong(digest) : Long.parseUnsignedLong(digest));
        }
    }
}
