package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Finding.fail;
import static dev.lockstep.ingest.preflight.Finding.warn;

import dev.lockstep.schemas.migration.LaneRules;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.Origin;
import dev.lockstep.schemas.migration.TableRules;
import dev.lockstep.schemas.migration.TableRules.TableRule;
import dev.lockstep.schemas.table.Column;
import dev.lockstep.schemas.table.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Does every name under {@code tables} mean something? A misspelt one would leave a table out, or carry what should not be. */
final class NamesInFile {

    private final TableRules rules;
    private final LaneRules lanes;
    private final Origin origin;
    private final List<Table> tables;
    private final List<Finding> findings = new ArrayList<>();

    private NamesInFile(Migration migration, List<Table> tables) {
        this.rules = migration.tables();
        this.lanes = migration.lanes();
        this.origin = migration.origin();
        this.tables = tables;
    }

    /**
     * @param tables all of the source
     */
    static List<Finding> check(Migration migration, List<Table> tables) {
        NamesInFile names = new NamesInFile(migration, tables);
        names.patterns();
        names.lanes();
        names.schemas();
        migration.tables().each().forEach(names::table);
        names.collisions();
        return names.findings;
    }

    private void patterns() {
        for (int i = 0; i < rules.include().size(); i++)
            demand(rules.include().get(i), origin.at("tables", "include", "" + i));
        for (int i = 0; i < rules.exclude().size(); i++)
            if (isUnused(rules.exclude().get(i)))
                findings.add(warn(
                        origin.at("tables", "exclude", "" + i),
                        "'" + rules.exclude().get(i) + "' matches no table of the source",
                        "take it out, or correct it"));
    }

    private void lanes() {
        for (int i = 0; i < lanes.groups().size(); i++)
            for (String pattern : lanes.groups().get(i)) demand(pattern, origin.at("lanes", "" + i));
    }

    /** Whoever wrote it meant a table. */
    private void demand(String pattern, String at) {
        if (isUnused(pattern))
            findings.add(fail(
                    at,
                    "'" + pattern + "' matches no table of the source",
                    "name tables as schema.table; * stands for any text" + known()));
    }

    private boolean isUnused(String pattern) {
        return tables.stream()
                .noneMatch(table -> TableRules.matches(pattern, table.id().toString()));
    }

    private void schemas() {
        for (String schema : rules.targetSchemas().keySet())
            if (tables.stream().noneMatch(table -> table.id().schema().equals(schema)))
                findings.add(fail(
                        origin.at("tables", "targetSchemas", schema),
                        "the source has no table in a schema of that name",
                        "the source's schemas: "
                                + tables.stream()
                                        .map(t -> t.id().schema())
                                        .distinct()
                                        .toList()));
    }

    private void table(String name, TableRule rule) {
        Optional<Table> found = tables.stream()
                .filter(table -> table.id().toString().equals(name))
                .findFirst();
        if (found.isEmpty() || !rules.matches(name)) {
            findings.add(fail(
                    origin.at("tables", "each", name),
                    found.isEmpty() ? "the source has no such table" : "the table is not among those included",
                    "name it as schema.table" + known()));
            return;
        }
        columns(found.get(), "excludeColumns", rule.excludeColumns());
        columns(found.get(), "renameColumns", rule.renameColumns().keySet());
    }

    private void columns(Table table, String key, Collection<String> names) {
        for (String name : names)
            if (table.column(name).isEmpty())
                findings.add(fail(
                        origin.at("tables", "each", table.id().toString(), key),
                        table.id() + " has no column " + name,
                        "its columns: "
                                + table.columns().stream().map(Column::name).toList()));
    }

    /** Two tables of the source in one of the target would overwrite each other. */
    private void collisions() {
        Map<Object, Table> taken = new HashMap<>();
        for (Table table : tables) {
            if (!rules.matches(table.id().toString())) continue;
            Table other = taken.put(rules.target(table.id()), table);
            if (other != null)
                findings.add(fail(
                        origin.at("tables"),
                        other.id() + " and " + table.id() + " are both to become " + rules.target(table.id()),
                        "give one of them another target under tables.each, or exclude it"));
        }
    }

    private String known() {
        List<String> names =
                tables.stream().map(table -> table.id().toString()).limit(20).toList();
        return "; the source has " + names + (tables.size() > names.size() ? " and more" : "");
    }
}
