package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Finding.fail;
import static dev.lockstep.ingest.preflight.Finding.warn;

import dev.lockstep.ingest.preflight.TableRequirements.Place;
import dev.lockstep.schemas.migration.Migration.Cascades;
import dev.lockstep.schemas.table.CascadingKey;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of tables whose rows a foreign key changes without a word in the source's log: they are refused, or the migration file wants
 * the applier to make on the target what the key made on the source. Pure.
 */
final class UnloggedCascades {

    /** Of which equal values are equal to both engines. */
    private static final Set<Kind> COMPARABLE = EnumSet.of(
            Kind.NUMBER,
            Kind.TEXT,
            Kind.PADDED_TEXT,
            Kind.BINARY,
            Kind.DATE,
            Kind.TIME,
            Kind.LOCAL_TIMESTAMP,
            Kind.INSTANT,
            Kind.UUID);

    private final Cascades rule;
    private final Place source;
    private final Function<TableId, TableFacts> sourceFacts;
    private final Function<TableId, TableFacts> targetFacts;
    private final Map<TableId, TableMapping> bySource = new HashMap<>();
    private final List<Finding> findings;

    private UnloggedCascades(
            Cascades rule,
            Place source,
            Function<TableId, TableFacts> sourceFacts,
            Function<TableId, TableFacts> targetFacts,
            List<Finding> findings) {
        this.rule = rule;
        this.source = source;
        this.sourceFacts = sourceFacts;
        this.targetFacts = targetFacts;
        this.findings = findings;
    }

    /**
     * @param findings take what is wrong, and what it costs
     * @return the tables, with the keys that are made on the target
     */
    static List<TableMapping> judge(
            Cascades rule,
            Place source,
            List<TableMapping> tables,
            Function<TableId, TableFacts> sourceFacts,
            Function<TableId, TableFacts> targetFacts,
            List<Finding> findings) {
        if (source.logsCascades()) return tables;
        UnloggedCascades cascades = new UnloggedCascades(rule, source, sourceFacts, targetFacts, findings);
        tables.forEach(table -> cascades.bySource.put(table.source(), table));
        List<TableMapping> judged = tables.stream().map(cascades::judge).toList();
        if (!judged.isEmpty() && judged.stream().noneMatch(TableMapping::isLogged))
            findings.add(fail(
                    "tables",
                    "cascades change every table that moves, so no log proves that all has come through",
                    "move a table that none changes as well"));
        return judged;
    }

    private TableMapping judge(TableMapping table) {
        List<CascadingKey> keys = new ArrayList<>();
        for (Cascade cascade : sourceFacts.apply(table.source()).cascades())
            (rule == Cascades.REFUSE ? refuse(cascade) : make(table, cascade)).ifPresent(keys::add);
        return table.withCascades(keys);
    }

    private Optional<CascadingKey> refuse(Cascade cascade) {
        List<String> statements = cascade.logged(source.dialect(), source.cascades());
        String trigger = statements.isEmpty()
                ? ""
                : "let a trigger do the same, which is in the log: " + String.join("; ", statements) + "; or ";
        findings.add(fail(
                subject(cascade),
                unlogged(cascade) + ", so no log-based copy sees it",
                trigger + "make the key restrict and let the application change the rows, or list the table under"
                        + " tables.exclude; or let Lockstep do the same on the target: apply.cascades: target"));
        return Optional.empty();
    }

    private String subject(Cascade cascade) {
        return source.side() + " " + cascade.child();
    }

    private static String unlogged(Cascade cascade) {
        return "foreign key " + cascade + ": InnoDB changes these rows without writing it to the binlog";
    }

    private Optional<CascadingKey> make(TableMapping child, Cascade cascade) {
        TableMapping parent = bySource.get(cascade.parent());
        Optional<Finding> obstacle = obstacle(child, parent, cascade);
        obstacle.ifPresent(findings::add);
        if (obstacle.isPresent()) return Optional.empty();
        findings.add(warn(
                subject(cascade),
                unlogged(cascade) + ". It is made on the target as well (apply.cascades: target); the proof at barriers"
                        + " says nothing of this table, a scan does",
                "none if that is meant; apply.cascades: refuse names triggers that bring it into the log"));
        otherSpellings(child, cascade);
        return Optional.of(new CascadingKey(
                cascade.name(),
                cascade.columns(),
                cascade.parent(),
                cascade.keys(),
                action(cascade.onDelete()),
                action(cascade.onUpdate())));
    }

    private Optional<Finding> obstacle(TableMapping child, @Nullable TableMapping parent, Cascade cascade) {
        String cannot = "foreign key " + cascade + " cannot be made on the target: ";
        if (parent == null)
            return Optional.of(fail(
                    subject(cascade),
                    cannot + cascade.parent() + " does not move, so nothing tells of its changes",
                    "move it as well, or list " + cascade.child() + " under tables.exclude"));
        if (cascade.onDelete().equals("SET DEFAULT") || cascade.onUpdate().equals("SET DEFAULT"))
            return Optional.of(fail(subject(cascade), cannot + "InnoDB knows no set default", "drop the key"));
        for (int i = 0; i < cascade.columns().size(); i++) {
            Kind here = kind(child, cascade.columns().get(i));
            Kind there = kind(parent, cascade.keys().get(i));
            if (here == null || there == null)
                return Optional.of(fail(
                        subject(cascade),
                        cannot + (here == null ? cascade.columns() : cascade.keys()) + " are not all carried",
                        "carry them: neither excludeColumns nor a generated column"));
            if (here != there || !COMPARABLE.contains(here))
                return Optional.of(fail(
                        subject(cascade),
                        cannot + "a " + there + " is not found again as a " + here,
                        "give both columns one type on both sides"));
        }
        return Optional.empty();
    }

    private static @Nullable Kind kind(TableMapping table, String column) {
        return table.columns().stream()
                .filter(mapped -> mapped.name().equals(column))
                .map(ColumnMapping::kind)
                .findFirst()
                .orElse(null);
    }

    /** Where a collation lets a child refer to its parent in another spelling, the target has to have the same. */
    private void otherSpellings(TableMapping child, Cascade cascade) {
        for (String column : cascade.columns()) {
            TableFacts.Collation there =
                    sourceFacts.apply(child.source()).collations().get(column);
            if (there == null) continue;
            String name = child.columns().get(child.indexOf(column)).targetName();
            TableFacts.Collation here =
                    targetFacts.apply(child.target()).collations().get(name);
            if (here == null || !here.name().equals(there.name()))
                findings.add(warn(
                        child.source() + "." + column,
                        "rows that spell it otherwise than their parent, which " + there.name()
                                + " takes for equal, are not found by a cascade on the target; a scan would name them",
                        "see that both are spelled alike, or give the target's column the same collation"));
        }
    }

    private static CascadingKey.Action action(String rule) {
        return switch (rule) {
            case "CASCADE" -> CascadingKey.Action.CASCADE;
            case "SET NULL" -> CascadingKey.Action.SET_NULL;
            default -> CascadingKey.Action.NOTHING;
        };
    }
}
