package dev.lockstep.stream.apply;

import dev.lockstep.schemas.row.Value;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/**
 * One column of many rows in the form that PostgreSQL's {@code array_recv} reads: nothing is quoted here or looked through for quotes
 * there. For the types that are worth it, texts and whole numbers; others are spelled by {@link PostgresArray}.
 */
final class PostgresBinaryArray extends PGobject implements PGBinaryObject {

    private static final long serialVersionUID = 1;

    private static final int NULL = -1;

    private final transient List<List<Value>> rows;
    private final int column;
    private final byte[] bytes;

    private PostgresBinaryArray(List<List<Value>> rows, int column, String type, byte[] bytes) {
        this.rows = rows;
        this.column = column;
        this.bytes = bytes;
        this.type = type;
    }

    /**
     * @param type of the column, without its bounds
     * @return null for other types, and where a value is of another class than its column's others
     */
    static @Nullable PostgresBinaryArray of(List<List<Value>> rows, int column, String type) {
        return switch (type) {
            case "bigint" -> of(rows, column, "_int8", 20, 8);
            case "integer" -> of(rows, column, "_int4", 23, 4);
            case "text" -> of(rows, column, "_text", 25, 0);
            default -> null;
        };
    }

    private static @Nullable PostgresBinaryArray of(
            List<List<Value>> rows, int column, String type, int elementType, int width) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(20 + rows.size() * (width == 0 ? 48 : 4 + width));
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (int head : new int[] {1, 1, elementType, rows.size(), 1}) out.writeInt(head);
            for (List<Value> row : rows) if (!append(out, row.get(column), width)) return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new PostgresBinaryArray(rows, column, type, bytes.toByteArray());
    }

    private static boolean append(DataOutputStream out, Value value, int width) throws IOException {
        if (value instanceof Value.Null) out.writeInt(NULL);
        else if (width == 0 && value instanceof Value.Text v) {
            byte[] text = v.value().getBytes(StandardCharsets.UTF_8);
            out.writeInt(text.length);
            out.write(text);
        } else if (width == 8 && value instanceof Value.Whole v) {
            out.writeInt(width);
            out.writeLong(v.value());
        } else if (width == 4 && value instanceof Value.Whole v && v.value() == (int) v.value()) {
            out.writeInt(width);
            out.writeInt((int) v.value());
        } else return false;
        return true;
    }

    @Override
    public void setByteValue(byte[] value, int offset) {
        throw new UnsupportedOperationException("only to be sent");
    }

    @Override
    public int lengthInBytes() {
        return bytes.length;
    }

    @Override
    public void toBytes(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, bytes.length);
    }

    /** For a connection that is set up to send nothing in binary. */
    @Override
    public String getValue() {
        return PostgresArray.of(rows, column);
    }
}
