package dev.lockstep.schemas.table;

import java.util.Optional;

/** As what a column's values are carried and compared, whichever engine keeps them. */
public enum Kind {
    /** Integers, exact decimals, booleans and {@code bit(1)}: one family, without trailing zeros. */
    NUMBER,
    FLOAT,
    DOUBLE,
    /** Character data, enums, sets. */
    TEXT,
    /** {@code char(n)}: text without its trailing blanks. */
    PADDED_TEXT,
    BINARY,
    DATE,
    TIME,
    /** A wall-clock reading without a zone: PostgreSQL's {@code timestamp}, MySQL's {@code datetime}. */
    LOCAL_TIMESTAMP,
    /** A point in time: PostgreSQL's {@code timestamptz}, MySQL's {@code timestamp}. */
    INSTANT,
    JSON,
    /** A uuid as small hexadecimal digits with dashes, whether kept as such, as text or as 16 octets. */
    UUID,
    /** More than one bit: text of the digits 0 and 1. */
    BITS,
    /** What only one engine has, as the text that it shows and reads: arrays, ranges, intervals, addresses, xml, shapes. */
    SPELLED,
    /** A shape of MySQL and MariaDB: its reference system, then well-known binary, as both store it. */
    GEOMETRY;

    /**
     * The kind that both sides can be compared as, or empty where carrying from one to the other would lose something.
     * Text that one side declares as JSON is JSON; blanks that one side does not store do not count.
     */
    public static Optional<Kind> agree(Column source, Column target) {
        Kind from = source.kind();
        Kind to = target.kind();
        if (from == null || to == null) return Optional.empty();
        if (from == SPELLED && to == SPELLED)
            return source.type().equals(target.type()) ? Optional.of(SPELLED) : Optional.empty();
        if (from == UUID && to.isUuid(target)) return Optional.of(UUID);
        if (to == UUID && from.isUuid(source)) return Optional.of(UUID);
        return agree(from, to);
    }

    private static Optional<Kind> agree(Kind source, Kind target) {
        if (source == target) return Optional.of(source);
        if (source.isText() && target.isText())
            return Optional.of(source == JSON || target == JSON ? JSON : PADDED_TEXT);
        // one way: not every text is a value of the other engine's type
        if ((source == SPELLED || source == BITS) && (target == TEXT || target == PADDED_TEXT))
            return Optional.of(source);
        return Optional.empty();
    }

    private boolean isText() {
        return this == TEXT || this == PADDED_TEXT || this == JSON;
    }

    private boolean isUuid(Column column) {
        return this == TEXT || this == PADDED_TEXT || (this == BINARY && isOctets(column.type()));
    }

    /** Whether a column of this kind and type, as its catalog spells it, keeps uuids as 16 octets. */
    public boolean keepsOctets(String type) {
        return this == UUID && isOctets(type);
    }

    private static boolean isOctets(String type) {
        return type.matches("(var)?binary\\(16\\)|bytea");
    }
}
