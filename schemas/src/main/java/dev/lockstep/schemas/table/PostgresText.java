package dev.lockstep.schemas.table;

import dev.lockstep.schemas.row.Texts;
import dev.lockstep.schemas.row.Value;
import java.util.HexFormat;

/**
 * Values as the input functions of PostgreSQL's types read them: the one place that spells them. Quoting them for where they stand, an
 * array or a COPY, is the caller's.
 */
public final class PostgresText {

    private PostgresText() {}

    /** Whether the value's text holds nothing that has to be quoted anywhere: no quote, backslash, comma, brace or blank. */
    public static boolean isPlain(Value value) {
        return value instanceof Value.Whole
                || value instanceof Value.Exact
                || value instanceof Value.Single
                || value instanceof Value.Double
                || value instanceof Value.Time;
    }

    /** The text of a value that is not NULL. */
    public static void append(StringBuilder out, Value value) {
        if (value instanceof Value.Whole v) out.append(v.value());
        else if (value instanceof Value.Exact v) out.append(v.value().toPlainString());
        else if (value instanceof Value.Single v)
            out.append(v.value()); // Java and PostgreSQL agree on NaN and Infinity
        else if (value instanceof Value.Double v) out.append(v.value());
        else if (value instanceof Value.Text v) out.append(v.value());
        else if (value instanceof Value.Json v) out.append(v.text());
        else if (value instanceof Value.Binary v)
            out.append("\\x").append(HexFormat.of().formatHex(v.value()));
        else if (value instanceof Value.Date v) out.append(era(Texts.date(v.epochDay())));
        else if (value instanceof Value.Time v) out.append(Texts.time(v.micros()));
        else if (value instanceof Value.LocalTimestamp v) out.append(era(Texts.timestamp(v.micros())));
        else if (value instanceof Value.Instant v) instant(out, era(Texts.timestamp(v.micros())));
        else throw new IllegalArgumentException("no text for " + value.getClass());
    }

    private static void instant(StringBuilder out, String timestamp) {
        boolean before = timestamp.endsWith(" BC");
        out.append(timestamp, 0, timestamp.length() - (before ? 3 : 0)).append(before ? "+00 BC" : "+00");
    }

    /** ISO 8601 counts the years before 1 as 0, -1, … with a sign, and signs those past 9999; PostgreSQL says BC, and no sign. */
    private static String era(String iso) {
        char first = iso.charAt(0);
        if (first == '+') return iso.substring(1);
        if (first != '-' && !iso.startsWith("0000")) return iso;
        int end = iso.indexOf('-', 1);
        long year = 1 - Long.parseLong(iso.substring(0, end));
        return "%04d%s BC".formatted(year, iso.substring(end));
    }
}
