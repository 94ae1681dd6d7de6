package dev.lockstep.stream.apply;

import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.PostgresText;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows as {@code COPY … FROM STDIN} takes them (PostgreSQL documentation, COPY, "Text Format": tab between values, newline behind rows,
 * NULL as backslash N, backslash before what would be one of these). They are sent as they are spelled, so that memory holds one at a time.
 */
final class PostgresCopy {

    private static final int PART = 64 << 10;

    private final CopyIn copy;
    private final StringBuilder text = new StringBuilder(2 * PART);

    private PostgresCopy(CopyIn copy) {
        this.copy = copy;
    }

    /**
     * @throws SQLException also if the server took fewer or more rows than were sent
     */
    static void write(Connection connection, String sql, Iterable<Row> rows) throws SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        try {
            long sent = new PostgresCopy(copy).send(rows);
            long taken = copy.endCopy();
            if (taken != sent) throw new SQLException("COPY took " + taken + " of " + sent + " rows", "22000");
        } finally {
            if (copy.isActive()) copy.cancelCopy();
        }
    }

    private long send(Iterable<Row> rows) throws SQLException {
        long sent = 0;
        for (Row row : rows) {
            append(row.values());
            sent++;
            if (text.length() >= PART) flush();
        }
        flush();
        return sent;
    }

    private void flush() throws SQLException {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        text.setLength(0);
        if (text.capacity() > 64 * PART) text.trimToSize(); // one huge row is no reason to hold its size for ever
        copy.writeToCopy(bytes, 0, bytes.length);
    }

    private void append(List<Value> row) {
        for (int i = 0; i < row.size(); i++) {
            if (i > 0) text.append('\t');
            append(text, row.get(i));
        }
        text.append('\n');
    }

    static void append(StringBuilder out, Value value) {
        if (value instanceof Value.Null) out.append("\\N");
        else if (value instanceof Value.Text v) escape(out, v.value());
        else if (value instanceof Value.Json v) escape(out, v.text());
        else {
            if (value instanceof Value.Binary) out.append('\\'); // of its \\x; the others' texts have no mark in them
            PostgresText.append(out, value);
        }
    }

    private static void escape(StringBuilder out, String text) {
        int done = 0;
        for (int i = 0; i < text.length(); i++) {
            char mark = mark(text.charAt(i));
            if (mark == 0) continue;
            out.append(text, done, i).append('\\').append(mark);
            done = i + 1;
        }
        out.append(text, done, text.length());
    }

    /** What stands behind the backslash for a character that needs one. */
    private static char mark(char c) {
        if (c > '\r' && c != '\\') return 0;
        return switch (c) {
            case '\\' -> '\\';
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            default -> 0;
        };
    }
}
