package dev.lockstep.ingest.watch;

import dev.lockstep.ingest.watch.SeenTable.SeenColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Names what tells two looks at one side's catalog apart. Pure. */
final class TableChange {

    private TableChange() {}

    static Optional<String> between(List<SeenTable> before, List<SeenTable> now) {
        List<String> gone = minus(names(before), names(now));
        List<String> come = minus(names(now), names(before));
        if (!gone.isEmpty()) return Optional.of(goneOrRenamed(gone.get(0), before, now));
        if (!come.isEmpty()) return Optional.of(come.get(0) + " is new");
        for (SeenTable table : before) {
            SeenTable newer = find(now, table.name());
            if (!table.equals(newer)) return Optional.of(table.name() + ": " + columns(table, newer));
        }
        return Optional.empty();
    }

    private static String goneOrRenamed(String name, List<SeenTable> before, List<SeenTable> now) {
        String identity = find(before, name).identity();
        return now.stream()
                .filter(table -> !identity.isEmpty() && table.identity().equals(identity))
                .findFirst()
                .map(table -> name + " was renamed to " + table.name())
                .orElse(name + " was dropped or renamed");
    }

    private static String columns(SeenTable before, SeenTable now) {
        List<String> gone = minus(before.columnNames(), now.columnNames());
        List<String> come = minus(now.columnNames(), before.columnNames());
        if (gone.size() == 1 && come.size() == 1)
            return "column " + gone.get(0) + " was renamed to " + come.get(0) + ", or dropped and another one added";
        if (!come.isEmpty()) return "column " + String.join(", ", come) + " was added";
        if (!gone.isEmpty()) return "column " + String.join(", ", gone) + " was dropped or renamed";
        for (SeenColumn column : before.columns())
            for (SeenColumn newer : now.columns())
                if (newer.name().equals(column.name()) && !newer.type().equals(column.type()))
                    return "the type of column " + column.name() + " was changed from " + column.type() + " to "
                            + newer.type();
        if (!before.key().equals(now.key()))
            return "the primary key was changed from " + before.key() + " to " + now.key();
        if (!before.columns().equals(now.columns())) return "its columns changed places";
        return "was dropped and created anew, or its columns were";
    }

    private static List<String> names(List<SeenTable> tables) {
        return tables.stream().map(SeenTable::name).toList();
    }

    private static SeenTable find(List<SeenTable> tables, String name) {
        return tables.stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> minus(List<String> names, List<String> others) {
        List<String> left = new ArrayList<>(names);
        left.removeAll(others);
        return left;
    }
}
