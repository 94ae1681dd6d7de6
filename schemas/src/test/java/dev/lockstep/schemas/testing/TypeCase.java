package dev.lockstep.schemas.testing;

import dev.lockstep.schemas.table.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One type of one engine with values at its edges.
 *
 * @param type as a column declares it
 * @param kind as what it is carried; null where it is refused by name
 * @param postgres a type of PostgreSQL that holds the values too, null where there is none
 * @param mySql the same of MySQL and MariaDB
 * @param values SQL expressions, no two of the same value; those after {@code ~} only the same engine can hold
 */
public record TypeCase(
        String type,
        @Nullable Kind kind,
        @Nullable String postgres,
        @Nullable String mySql,
        List<String> values) {

    static TypeCase of(
            String type, @Nullable Kind kind, @Nullable String postgres, @Nullable String mySql, String... values) {
        return new TypeCase(type, kind, postgres, mySql, List.of(values));
    }

    static TypeCase refused(String type) {
        return new TypeCase(type, null, null, null, List.of());
    }

    /** What to insert; NULL comes last. */
    public List<String> expressions() {
        List<String> all = new ArrayList<>();
        for (String value : values) all.add(isOwn(value) ? value.substring(1) : value);
        all.add("null");
        return all;
    }

    /** Whether the value can only be written to the engine it came from. */
    public boolean isOwn(int value) {
        return value < values.size() && isOwn(values.get(value));
    }

    private static boolean isOwn(String value) {
        return value.startsWith("~");
    }

    /** Text of these code points, as one SQL literal without escapes. */
    static String text(int... codePoints) {
        String text = new String(codePoints, 0, codePoints.length);
        return "'" + text.replace("'", "''") + "'";
    }

    static String[] with(String[] some, String... more) {
        String[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }
}
