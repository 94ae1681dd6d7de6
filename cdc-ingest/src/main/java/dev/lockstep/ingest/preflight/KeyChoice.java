package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Finding.fail;
import static dev.lockstep.ingest.preflight.Finding.warn;

import dev.lockstep.schemas.migration.Origin;
import dev.lockstep.schemas.migration.TableRules.TableRule;
import dev.lockstep.schemas.table.Table;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What tells a table's rows apart: what the migration file says, else the primary key, else a unique index whose columns are never null.
 * The target needs a unique index on the same columns, as a row is written over the one with its key.
 */
record KeyChoice(Origin origin, Table source, TableFacts facts, TableRule rule) {

    /** The key's columns by the source's names, or empty with findings that say why not. */
    Optional<List<String>> choose(Table target, TableFacts targetFacts, List<Finding> findings) {
        Optional<List<String>> key = onSource(findings);
        if (key.isEmpty()) return key;
        List<String> there = key.get().stream().map(rule::targetColumn).toList();
        if (targetFacts.uniqueKeys().stream().anyMatch(index -> sameColumns(index, there))) return key;
        findings.add(fail(
                source.id().toString(),
                "its key is " + key.get() + ", but " + target.id() + " on the target has no unique index on " + there
                        + (target.primaryKey().isEmpty() ? "" : " (its primary key is " + target.primaryKey() + ")")
                        + " whose columns are all not null",
                "alter table " + target.id() + " add primary key (" + String.join(", ", there)
                        + "), or another unique index; on PostgreSQL not a deferrable one"));
        return Optional.empty();
    }

    private Optional<List<String>> onSource(List<Finding> findings) {
        if (!rule.key().isEmpty()) return fromTheFile(findings);
        if (!source.primaryKey().isEmpty()) return Optional.of(source.primaryKey());
        if (!facts.uniqueKeys().isEmpty()) return Optional.of(facts.uniqueKeys().get(0));
        findings.add(fail(
                source.id().toString(),
                "has no primary key and no unique index on columns that are not null, so its rows cannot be told apart",
                "alter table " + source.id()
                        + " add primary key (…); or name the columns that are unique in truth under tables.each."
                        + source.id() + ".key, or list it under tables.exclude"));
        return Optional.empty();
    }

    private Optional<List<String>> fromTheFile(List<Finding> findings) {
        String subject = origin.at("tables", "each", source.id().toString(), "key");
        List<String> unknown = rule.key().stream()
                .filter(name -> source.column(name).isEmpty())
                .toList();
        if (!unknown.isEmpty()) {
            findings.add(fail(
                    subject,
                    source.id() + " has no column " + unknown,
                    "its columns: "
                            + source.columns().stream().map(c -> c.name()).toList()));
            return Optional.empty();
        }
        boolean vouched = sameColumns(source.primaryKey(), rule.key())
                || facts.uniqueKeys().stream().anyMatch(index -> sameColumns(index, rule.key()));
        if (!vouched)
            findings.add(warn(
                    subject,
                    "nothing on the source keeps " + rule.key()
                            + " unique and not null: two rows with one key would be one on the target",
                    "create a unique index on them if that is possible"));
        return Optional.of(rule.key());
    }

    private static boolean sameColumns(List<String> one, List<String> other) {
        return one.size() == other.size() && new HashSet<>(one).equals(new HashSet<>(other));
    }
}
