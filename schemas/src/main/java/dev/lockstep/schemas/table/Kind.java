package dev.lockstep.schemas.table;

import java.util.Optional;

/** As what a column's values are carried and compared, whichever engine keeps them. */
public enum Kind {
    /** Integers, exact decimals and booleans: one family, without trailing zeros. */
    NUMBER,
    FLOAT,
    DOUBLE,
    /** Character data, enums, uuids. */
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
    JSON;

    /**
     * The kind that both sides can be compared as, or empty where carrying from one to the other would lose something.
     * Text that one side declares as JSON is JSON; blanks that one side does not store do not count.
     */
    public static Optional<Kind> agree(Kind source, Kind target) {
        if (source == target) return Optional.of(source);
        if (source.isText() && target.isText())
            return Optional.of(source == JSON || target == JSON ? JSON : PADDED_TEXT);
        return Optional.empty();
    }

    private boolean isText() {
        return this == TEXT || this == PADDED_TEXT || this == JSON;
    }
}
