package dev.lockstep.stream.apply;

import dev.lockstep.schemas.row.Value;
import java.util.ArrayList;
import java.util.List;

/** Cuts rows into statements that a server takes and that do not fill memory. */
final class Chunks {

    private static final int FIXED_SIZE = 32;

    private Chunks() {}

    /** Runs of at most so many rows and, unless one row alone is larger, of at most so many characters of SQL. */
    static List<List<List<Value>>> of(List<List<Value>> rows, int maxRows, long maxChars) {
        List<List<List<Value>>> chunks = new ArrayList<>();
        int start = 0;
        long chars = 0;
        for (int i = 0; i < rows.size(); i++) {
            long size = chars(rows.get(i));
            if (i > start && (i - start == maxRows || chars + size > maxChars)) {
                chunks.add(rows.subList(start, i));
                start = i;
                chars = 0;
            }
            chars += size;
        }
        if (start < rows.size()) chunks.add(rows.subList(start, rows.size()));
        return chunks;
    }

    /** An upper bound, with every character escaped. */
    static long chars(List<Value> row) {
        long chars = 0;
        for (int i = 0; i < row.size(); i++) chars += chars(row.get(i));
        return chars;
    }

    private static long chars(Value value) {
        if (value instanceof Value.Text v) return FIXED_SIZE + 2L * v.value().length();
        if (value instanceof Value.Json v) return FIXED_SIZE + 2L * v.text().length();
        if (value instanceof Value.Binary v) return FIXED_SIZE + 2L * v.value().length;
        if (value instanceof Value.Exact v)
            return FIXED_SIZE
                    + v.value().precision()
                    + (long) Math.abs(v.value().scale());
        return FIXED_SIZE;
    }
}
