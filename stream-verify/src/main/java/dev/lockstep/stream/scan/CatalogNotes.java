package dev.lockstep.stream.scan;

import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.stream.scan.TableCatalog.ColumnFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What differs between both sides' catalogs of a table, in words. None of it makes a row differ; the application may miss it. Pure. */
final class CatalogNotes {

    private CatalogNotes() {}

    /**
     * @param sameEngine whether collations mean the same on both sides
     */
    static List<String> compare(TableMapping table, TableCatalog source, TableCatalog target, boolean sameEngine) {
        List<String> notes = new ArrayList<>();
        for (ColumnMapping column : table.columns()) {
            ColumnFacts there = source.columns().get(column.name());
            ColumnFacts here = target.columns().get(column.targetName());
            if (there != null && here != null) compare(notes, column.name(), there, here, sameEngine);
        }
        Map<String, String> names =
                table.columns().stream().collect(Collectors.toMap(ColumnMapping::name, ColumnMapping::targetName));
        onOneSide(notes, "index ", renamed(source.indexes(), names), target.indexes());
        onOneSide(notes, "foreign key ", renamed(source.foreignKeys(), names), target.foreignKeys());
        return List.copyOf(notes);
    }

    private static void compare(
            List<String> notes, String column, ColumnFacts there, ColumnFacts here, boolean sameEngine) {
        if (there.nullable() != here.nullable())
            notes.add(
                    "column " + column + " may be null on the " + (there.nullable() ? "source" : "target") + " alone");
        if (there.hasDefault() != here.hasDefault())
            notes.add("column " + column + " has a default on the " + (there.hasDefault() ? "source" : "target")
                    + " alone");
        if (sameEngine && !there.collation().equals(here.collation()))
            notes.add("column " + column + " has collation " + there.collation() + " on the source, " + here.collation()
                    + " on the target");
    }

    /** As the target calls the columns. */
    private static Set<String> renamed(Set<String> descriptions, Map<String, String> names) {
        return descriptions.stream()
                .map(description -> renamed(description, names))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String renamed(String description, Map<String, String> names) {
        int open = description.indexOf('(');
        int close = description.indexOf(')');
        String columns = List.of(description.substring(open + 1, close).split(", ")).stream()
                .map(name -> names.getOrDefault(name, name))
                .collect(Collectors.joining(", "));
        return description.substring(0, open + 1) + columns + description.substring(close);
    }

    private static void onOneSide(List<String> notes, String what, Set<String> source, Set<String> target) {
        for (String one : source) if (!target.contains(one)) notes.add(what + one + " is on the source alone");
        for (String one : target) if (!source.contains(one)) notes.add(what + one + " is on the target alone");
    }
}
