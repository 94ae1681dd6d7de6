package dev.lockstep.ingest.watch;

import dev.lockstep.schemas.table.Table;
import java.util.List;

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
}
