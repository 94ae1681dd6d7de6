package dev.lockstep.stream.scan;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A digest of many rows that the database itself computes, so that equal ranges never leave the server: a hash a row, gathered by
 * exclusive or (rows of a table with a key are never doubled). It may call equal rows different (both sides spell them otherwise), never
 * different rows equal, but for one chance in 2^64.
 *
 * <p>The hash must mix: of {@code crc32}, and of PostgreSQL's hash of a record, which adds up those of its values, exclusive or does not
 * see, or nearly so, that two rows have swapped a value. So PostgreSQL's is hashed once more; texts go by their octets. MariaDB and
 * MySQL hash the row's text, every value of no fixed form behind its length: MariaDB with {@code md5}, of which {@code crc32} makes numbers
 * (four times as quick as {@code conv}), MySQL with {@code sha2}, as it has no {@code md5} from 9.6 on. A row too large for that (its text
 * would exceed {@code max_allowed_packet}) has a random hash, so that it is read.
 */
final class InDatabase {

    private static final int FLAGS = 30;

    private InDatabase() {}

    /** What to select for the digest, if both engines are the same and this table's columns allow one. */
    static Optional<String> digest(Dialect source, Dialect target, TableMapping table, Side side) {
        if (!source.engine().equals(target.engine())) return Optional.empty();
        boolean postgres = source.engine().equals("postgresql");
        for (ColumnMapping column : table.columns())
            if (!column.sourceType().equals(column.targetType()) || !(postgres || isExactAsText(column)))
                return Optional.empty();
        String hash =
                switch (source.engine()) {
                    case "postgresql" ->
                        "bit_xor(hashtextextended(hash_record_extended(" + record(source, table, side)
                                + ", 0)::text collate \"C\", 0))";
                    case "mysql" ->
                        "hex(bit_xor(unhex(coalesce(sha2(" + text(source, table, side)
                                + ", 256), sha2(uuid(), 256)))))";
                    default -> folded("md5(" + text(source, table, side) + ")");
                };
        return Optional.of("count(*), " + hash);
    }

    private static String record(Dialect dialect, TableMapping table, Side side) {
        return table.columns().stream()
                .map(column -> hashed(column, dialect.quote(side.nameOf(column))))
                .collect(Collectors.joining(", ", "row(", ")"));
    }

    /** What has no hash, or an equality that takes for equal what the proof does not, is hashed as text. */
    private static String hashed(ColumnMapping column, String name) {
        boolean exact = column.sourceType().matches("smallint|integer|bigint|numeric.*|boolean|bytea|date|time.*");
        return exact ? name : name + "::text collate \"C\"";
    }

    /**
     * 64 bits of the 128: the remainders of one half and of the whole are independent of each other. In a variable, since MariaDB computes
     * what is written twice two times, which was half of a scan's cost; the condition of an {@code if} comes before its branches.
     */
    private static String folded(String md5) {
        return "bit_xor(if((@hash := " + md5 + ") is null, cast(floor(rand() * 4294967296) as unsigned),"
                + " (crc32(left(@hash, 16)) << 32) | crc32(@hash)))";
    }

    /** All values, without the NULLs, then flags that say which were. */
    private static String text(Dialect dialect, TableMapping table, Side side) {
        List<String> parts = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (ColumnMapping column : table.columns()) {
            String name = dialect.quote(side.nameOf(column));
            names.add(name);
            if (!isOfFixedForm(column)) parts.add("length(" + name + ")");
            parts.add(isOfFixedForm(column) ? name : octets(column, name));
        }
        for (int from = 0; from < names.size(); from += FLAGS)
            parts.add(flags(names.subList(from, Math.min(names.size(), from + FLAGS))));
        return "concat_ws('#', " + String.join(", ", parts) + ")";
    }

    /** Columns of several collations cannot be concatenated as texts. */
    private static String octets(ColumnMapping column, String name) {
        return column.kind() == Kind.JSON
                ? "cast(cast(" + name + " as char) as binary)"
                : "cast(" + name + " as binary)";
    }

    private static String flags(List<String> names) {
        List<String> flags = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) flags.add((1L << i) + " * isnull(" + names.get(i) + ")");
        return String.join(" + ", flags);
    }

    private static boolean isOfFixedForm(ColumnMapping column) {
        return switch (column.kind()) {
            case NUMBER, DOUBLE, DATE, TIME, LOCAL_TIMESTAMP, INSTANT -> true;
            default -> false;
        };
    }

    /** A float shows six digits of what it holds, and {@code double(10,2)} two. */
    private static boolean isExactAsText(ColumnMapping column) {
        return column.kind() != Kind.FLOAT
                && column.kind() != Kind.GEOMETRY
                && !column.sourceType().matches("(?i)double\\(.*|bit.*");
    }

    /** Rows and their digest, as the engine shows it. */
    record Sum(long rows, String digest) {

        static Sum read(ResultSet row) throws SQLException {
            return new Sum(row.getLong(1), String.valueOf(row.getString(2)));
        }
    }
}
