package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Finding.fail;
import static dev.lockstep.ingest.preflight.Finding.pass;
import static dev.lockstep.ingest.preflight.Finding.warn;

import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.TableRules.TableRule;
import dev.lockstep.schemas.table.Column;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.Table;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Pairs each table of the source with the target's, column by column; what does not pair is a finding. */
final class TableMatcher {

    private final Migration migration;
    private final Database source;
    private final Database target;
    private final Map<TableId, Table> targets;
    private final List<Finding> findings;

    TableMatcher(Migration migration, Database source, Database target, List<Finding> findings) {
        this.migration = migration;
        this.source = source;
        this.target = target;
        this.targets = target.byId();
        this.findings = findings;
    }

    /** The pair, or empty with findings that say why not. */
    Optional<TableMapping> match(Table source) {
        TableId wanted = migration.tables().target(source.id());
        Table found = targets.get(wanted);
        if (found == null) {
            fails(
                    source,
                    "the target has no table " + wanted,
                    "create it there, with the same columns; Lockstep moves rows, not schemas");
            return Optional.empty();
        }
        return match(source, found, migration.tables().rule(source.id()));
    }

    private Optional<TableMapping> match(Table source, Table target, TableRule rule) {
        Optional<List<String>> key = new KeyChoice(migration.origin(), source, this.source.factsOf(source.id()), rule)
                .choose(target, this.target.factsOf(target.id()), findings);
        Optional<List<ColumnMapping>> columns = columns(source, target, rule);
        if (key.isEmpty() || columns.isEmpty()) return Optional.empty();
        List<String> names = columns.get().stream().map(ColumnMapping::name).toList();
        if (!names.containsAll(key.get())) {
            fails(
                    source,
                    "its key " + key.get() + " has a column that is not carried",
                    "a key's columns can be neither generated nor excluded");
            return Optional.empty();
        }
        findings.add(pass(
                source.id().toString(), names.size() + " columns pair with " + target.id() + ", key " + key.get()));
        return Optional.of(new TableMapping(
                source.id(),
                target.id(),
                columns.get(),
                key.get().stream().map(names::indexOf).toList(),
                migration.lanes().of(source.id())));
    }

    private Optional<List<ColumnMapping>> columns(Table source, Table target, TableRule rule) {
        List<ColumnMapping> pairs = new ArrayList<>();
        boolean whole = true;
        for (Column column : source.columns()) {
            if (column.generated()) continue; // computed on both sides, carried on none
            if (rule.excludeColumns().contains(column.name())) continue;
            String targetName = rule.targetColumn(column.name());
            Optional<ColumnMapping> pair = pair(source, column, targetName, target.column(targetName));
            pair.ifPresent(pairs::add);
            whole &= pair.isPresent();
        }
        whole &= noneIsWritten(source, target, pairs);
        return whole ? Optional.of(pairs) : Optional.empty();
    }

    /** What the target has beyond what is carried takes its default, and is compared with nothing. */
    private boolean noneIsWritten(Table source, Table target, List<ColumnMapping> pairs) {
        Set<String> carried = pairs.stream().map(ColumnMapping::targetName).collect(Collectors.toSet());
        List<String> left = target.columns().stream()
                .filter(column -> !column.generated())
                .map(Column::name)
                .filter(name -> !carried.contains(name) && !awaited(source, name))
                .toList();
        List<String> demanding = left.stream()
                .filter(this.target.factsOf(target.id()).demanding()::contains)
                .toList();
        if (!demanding.isEmpty())
            fails(
                    source,
                    "nothing is carried into " + target.id() + " " + demanding + ", which takes no row without a value",
                    "give the column a default, or make it nullable");
        else if (!left.isEmpty())
            findings.add(warn(
                    source.id().toString(),
                    "nothing is carried into " + target.id() + " " + left + "; it is not compared",
                    "none if that is meant; tables.each names pairs that are called differently"));
        return demanding.isEmpty();
    }

    /** A column that does not pair has a finding of its own. */
    private boolean awaited(Table source, String targetColumn) {
        TableRule rule = migration.tables().rule(source.id());
        return source.columns().stream()
                .filter(column -> !column.generated() && !rule.excludeColumns().contains(column.name()))
                .anyMatch(column -> rule.targetColumn(column.name()).equals(targetColumn));
    }

    private Optional<ColumnMapping> pair(Table table, Column source, String targetName, Optional<Column> target) {
        String name = table.id() + "." + source.name();
        if (target.isEmpty() || target.get().generated()) {
            findings.add(fail(
                    name,
                    "the target has no column " + targetName + " that takes values",
                    "alter table … add column " + targetName + ", or name its pair under renameColumns,"
                            + " or list it under excludeColumns (tables.each." + table.id() + ")"));
            return Optional.empty();
        }
        Optional<Kind> kind = Kind.agree(source, target.get());
        if (kind.isEmpty()) {
            findings.add(fail(
                    name,
                    "type " + source.type() + " cannot be carried into "
                            + target.get().type() + " without loss",
                    "change the target's column to a type of the same kind, or list it under excludeColumns"
                            + " (tables.each." + table.id() + ")"));
            return Optional.empty();
        }
        return Optional.of(new ColumnMapping(
                source.name(),
                kind.get(),
                source.type(),
                target.get().name(),
                target.get().type()));
    }

    private void fails(Table table, String message, String remedy) {
        findings.add(fail(table.id().toString(), message, remedy));
    }
}
