package dev.lockstep.stream.apply;

import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.PostgresText;
import java.util.List;

/**
 * One column of many rows as PostgreSQL's array literal (PostgreSQL documentation, 8.15.6: elements in double quotes, backslash
 * before a quote or backslash, NULL bare).
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
        else if (PostgresText.isPlain(value)) PostgresText.append(out, value);
        else quoted(out, value);
    }

    private static void quoted(StringBuilder out, Value value) {
        int start = out.append('"').length();
        PostgresText.append(out, value);
        int first = firstToEscape(out, start);
        if (first < out.length()) {
            String rest = out.substring(first);
            out.setLength(first);
            escape(out, rest);
        }
        out.append('"');
    }

    private static int firstToEscape(StringBuilder out, int start) {
        for (int i = start; i < out.length(); i++) if (isEscaped(out.charAt(i))) return i;
        return out.length();
    }

    private static void escape(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isEscaped(c)) out.append('\\');
            out.append(c);
        }
    }

    private static boolean isEscaped(char c) {
        return c == '"' || c == '\\';
    }
}
