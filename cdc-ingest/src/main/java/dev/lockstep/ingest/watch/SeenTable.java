package dev.lockstep.ingest.watch;

import dev.lockstep.schemas.table.Table;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A table of one side as its catalog showed it.
 *
 * @param name {@code schema.table}
 * @param identity what a table that was dropped and created anew does not share; empty where the engine tells none
 */
public record SeenTable(String name, String identity, List<SeenColumn> columns, List<String> key) {

    /** A column by its name and its type as the catalog spells it. */
    public record SeenColumn(String name, String type) {}

    static SeenTable of(Table table, String identity) {
        return new SeenTable(
                table.id().toString(),
                identity,
                table.columns().stream()
                        .map(column -> new SeenColumn(column.name(), column.type()))
                        .toList(),
                table.primaryKey());
    }

    public List<String> columnNames() {
        return columns.stream().map(SeenColumn::name).toList();
    }

    /** Those of the columns, or the table itself, that were made anew since; empty where the engine tells no identity. */
    public List<String> lostTo(SeenTable now, List<String> among) {
        if (identity.isEmpty()) return List.of();
        if (!table(identity).equals(table(now.identity))) return List.of(name);
        return among.stream()
                .filter(column -> !number(column).equals(now.number(column)))
                .map(column -> name + "." + column)
                .toList();
    }

    private static String table(String identity) {
        return identity.substring(0, identity.indexOf(':') + 1);
    }

    private String number(String column) {
        return Stream.of(identity.substring(identity.indexOf(':') + 1).split(",", -1))
                .filter(entry -> entry.matches("\\d+" + Pattern.quote(column)))
                .findFirst()
                .orElse("");
    }
}
