package dev.lockstep.stream.apply;

import dev.lockstep.schemas.row.Texts;
import dev.lockstep.schemas.row.Value;
import java.util.HexFormat;
import java.util.List;

/**
 * One column of many rows as PostgreSQL's array literal (PostgreSQL documentation, 8.15.6: elements in double quotes, backslash
 * before a quote or backslash, NULL bare), every element as its type's input function reads it.
 */
final class PostgresArray {

    private PostgresArray() {}

    static String of(List<List<Value>> rows, int column) {
        StringBuilder out = new StringBuilder(rows.size() * 12).append('{');
        for (int i = 0; i < rows.size(); i++) {
            if (i > 0) out.append(',');
            append(out, rows.get(i).get(column));
        }
        return out.append('}').toString();
    }

    private static void append(StringBuilder out, Value value) {
        if (value instanceof Value.Null) out.append("NULL");
        else if (value instanceof Value.Whole v) out.append(v.value());
        else if (value instanceof Value.Exact v) out.append(v.value().toPlainString());
        else if (value instanceof Value.Single v)
            out.append(v.value()); // Java and PostgreSQL agree on NaN and Infinity
        else if (value instanceof Value.Double v) out.append(v.value());
        else if (value instanceof Value.Text v) quote(out, v.value());
        else if (value instanceof Value.Json v) quote(out, v.text());
        else if (value instanceof Value.Binary v)
            out.append("\"\\\\x").append(HexFormat.of().formatHex(v.value())).append('"');
        else if (value instanceof Value.Date v)
            out.append('"').append(era(Texts.date(v.epochDay()))).append('"');
        else if (value instanceof Value.Time v) out.append(Texts.time(v.micros()));
        else if (value instanceof Value.LocalTimestamp v)
            out.append('"').append(era(Texts.timestamp(v.micros()))).append('"');
        else if (value instanceof Value.Instant v) instant(out, Texts.timestamp(v.micros()));
    }

    private static void instant(StringBuilder out, String timestamp) {
        String text = era(timestamp);
        boolean before = text.endsWith(" BC");
        out.append('"').append(text, 0, text.length() - (before ? 3 : 0)).append(before ? "+00 BC\"" : "+00\"");
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') out.append('\\');
            out.append(c);
        }
        out.append('"');
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
