package dev.lockstep.ingest.guard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Compares the shape of one table's rows in the log with what was agreed on: names and their order with the agreement, types with the
 * row before. What a task's first row of a table is typed like is known from no agreement; so a capture that has stopped at a type is
 * halted, not just failed, and a start looks at the catalogs first. Not thread-safe.
 */
final class RowShape {

    private final String table;
    private final AgreedColumns agreed;
    private @Nullable Schema last;

    RowShape(String table, AgreedColumns agreed) {
        this.table = table;
        this.agreed = agreed;
    }

    /** What has changed, in words; the same schema object as last time costs one comparison of references. */
    Optional<String> change(Schema row) {
        if (row == last) return Optional.empty();
        Optional<String> change = names(row);
        if (change.isEmpty() && last != null) change = types(last, row);
        if (change.isEmpty()) last = row;
        return change.map(text -> table + ": " + text);
    }

    private Optional<String> names(Schema row) {
        List<String> found = minus(row.fields().stream().map(Field::name).toList(), agreed.former());
        List<String> added = minus(found, agreed.known());
        List<String> missing = minus(agreed.carried(), found);
        if (added.size() == 1 && missing.size() == 1)
            return Optional.of("column " + missing.get(0) + " was renamed to " + added.get(0)
                    + ", or dropped and another one added");
        if (!added.isEmpty()) return Optional.of(columns(added) + " added");
        if (!missing.isEmpty()) return Optional.of(columns(missing) + " dropped or renamed");
        return order(found);
    }

    private static String columns(List<String> names) {
        return names.size() == 1 ? "column " + names.get(0) + " was" : "columns " + String.join(", ", names) + " were";
    }

    /** Two columns that swapped their names keep the set of names, not their order. */
    private Optional<String> order(List<String> found) {
        List<String> expected = new ArrayList<>(agreed.known());
        expected.retainAll(found);
        return expected.equals(found)
                ? Optional.empty()
                : Optional.of("its columns changed places or names: " + found + " where " + expected + " was agreed");
    }

    private static Optional<String> types(Schema before, Schema now) {
        Map<String, Schema> earlier = new HashMap<>();
        before.fields().forEach(field -> earlier.put(field.name(), field.schema()));
        for (Field field : now.fields()) {
            Schema old = earlier.get(field.name());
            if (old != null && !sameType(old, field.schema()))
                return Optional.of("the type of column " + field.name() + " was changed");
        }
        return Optional.empty();
    }

    /** A default value or whether NULL may stand there is no concern of the rows' values. */
    private static boolean sameType(Schema one, Schema other) {
        return one.type() == other.type()
                && java.util.Objects.equals(one.name(), other.name())
                && java.util.Objects.equals(one.parameters(), other.parameters());
    }

    private static List<String> minus(List<String> names, List<String> others) {
        List<String> left = new ArrayList<>(names);
        left.removeAll(others);
        return left;
    }
}
