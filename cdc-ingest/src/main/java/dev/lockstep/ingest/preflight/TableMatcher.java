package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Finding.fail;
import static dev.lockstep.ingest.preflight.Finding.pass;

import dev.lockstep.schemas.table.Column;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.Table;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Pairs each table of the source with the target's, column by column; what does not pair is a finding. */
final class TableMatcher {

    private final @Nullable String targetSchema;
    private final List<Table> targets;
    private final List<Finding> findings;

    TableMatcher(@Nullable String targetSchema, List<Table> targets, List<Finding> findings) {
        this.targetSchema = targetSchema;
        this.targets = targets;
        this.findings = findings;
    }

    /** The pair, or empty with findings that say why not. */
    Optional<TableMapping> match(Table source) {
        TableId wanted = new TableId(
                targetSchema == null ? source.id().schema() : targetSchema,
                source.id().name());
        Optional<Table> target =
                targets.stream().filter(t -> t.id().equals(wanted)).findFirst();
        if (target.isEmpty()) {
            fails(
                    source,
                    "the target has no table " + wanted,
                    "create it there, with the same columns; Lockstep moves rows, not schemas");
            return Optional.empty();
        }
        if (source.primaryKey().isEmpty()) {
            fails(
                    source,
                    "has no primary key, so its rows cannot be told apart",
                    "alter table " + source.id() + " add primary key (…), or list it under tables.exclude");
            return Optional.empty();
        }
        return columns(source, target.get()).map(columns -> mapping(source, target.get(), columns));
    }

    private TableMapping mapping(Table source, Table target, List<ColumnMapping> columns) {
        findings.add(pass(source.id().toString(), columns.size() + " columns pair with " + target.id()));
        List<String> names = columns.stream().map(ColumnMapping::name).toList();
        List<Integer> key = source.primaryKey().stream().map(names::indexOf).toList();
        return new TableMapping(source.id(), target.id(), columns, key, 0);
    }

    private Optional<List<ColumnMapping>> columns(Table source, Table target) {
        List<ColumnMapping> pairs = new ArrayList<>();
        boolean whole = source.primaryKey().equals(target.primaryKey());
        if (!whole)
            fails(
                    source,
                    "its primary key is " + source.primaryKey() + ", the target's is " + target.primaryKey(),
                    "give both tables the same primary key");
        for (Column column : source.columns()) {
            if (column.generated()) continue; // computed on both sides, carried on none
            Optional<ColumnMapping> pair = pair(source, column, target.column(column.name()));
            pair.ifPresent(pairs::add);
            whole &= pair.isPresent();
        }
        return whole ? Optional.of(pairs) : Optional.empty();
    }

    private Optional<ColumnMapping> pair(Table table, Column source, Optional<Column> target) {
        String name = table.id() + "." + source.name();
        if (target.isEmpty() || target.get().generated()) {
            findings.add(fail(
                    name,
                    "the target has no such column that takes values",
                    "alter table … add column " + source.name()));
            return Optional.empty();
        }
        Kind from = source.kind();
        Kind to = target.get().kind();
        Optional<Kind> kind = from == null || to == null ? Optional.empty() : Kind.agree(from, to);
        if (kind.isEmpty()) {
            findings.add(fail(
                    name,
                    "type " + source.type() + " cannot be carried into "
                            + target.get().type() + " without loss",
                    "change the target's column to a type of the same kind, or list the table under tables.exclude"));
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
