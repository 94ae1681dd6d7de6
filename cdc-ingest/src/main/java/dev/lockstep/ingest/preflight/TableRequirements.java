package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Finding.fail;
import static dev.lockstep.ingest.preflight.Finding.warn;

import dev.lockstep.ingest.preflight.TableFacts.Collation;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableMapping;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What must hold of a pair of tables for no change to be lost and none to be written that the source never had. Pure. */
final class TableRequirements {

    private final TableMapping table;
    private final List<Finding> findings = new ArrayList<>();

    private TableRequirements(TableMapping table) {
        this.table = table;
    }

    /**
     * One side's server, as far as it matters to a table.
     *
     * @param logsCascades whether what a foreign key changes in the child is in the log
     * @param cascades all such keys
     */
    record Place(String side, Dialect dialect, boolean logsCascades, List<Cascade> cascades) {

        boolean isPostgres() {
            return dialect.engine().equals("postgresql");
        }
    }

    static List<Finding> judge(
            TableMapping table, Place source, TableFacts sourceFacts, Place target, TableFacts targetFacts) {
        TableRequirements requirements = new TableRequirements(table);
        requirements.captured(source, sourceFacts, keyColumns(table, true));
        requirements.captured(target, targetFacts, keyColumns(table, false));
        requirements.triggers(target, targetFacts);
        requirements.texts(sourceFacts, targetFacts);
        return requirements.findings;
    }

    private static Set<String> keyColumns(TableMapping table, boolean source) {
        return table.keyColumns().stream()
                .map(column -> source ? column.name() : column.targetName())
                .collect(Collectors.toSet());
    }

    /** Both sides are: the target's log is the proof. */
    private void captured(Place place, TableFacts facts, Set<String> key) {
        String subject = place.side() + " " + facts.id();
        String quoted = place.dialect().quote(facts.id());
        for (String lack : facts.lacking())
            findings.add(fail(subject, lack.replaceFirst(": [^:]*$", ""), lastPart(lack)));
        if (!facts.storage().equals(TableFacts.LOGGED))
            findings.add(
                    place.isPostgres()
                            ? fail(
                                    subject,
                                    "is unlogged: its changes are in no log",
                                    "alter table " + quoted + " set logged")
                            : fail(
                                    subject,
                                    "is kept by " + facts.storage()
                                            + ", which knows no transactions: neither a consistent copy nor"
                                            + " an exact apply is possible",
                                    "alter table " + quoted + " engine = InnoDB"));
        if (!facts.family().isEmpty())
            findings.add(fail(
                    subject,
                    "shows the rows of " + facts.family()
                            + ", which inherit from it, as its own: they would be copied twice",
                    "list it under tables.exclude and move its heirs, or make it a partitioned table"));
        if (facts.logged() != null && !facts.logged().containsAll(key))
            findings.add(fail(
                            subject,
                            "its replica identity leaves the key " + key
                                    + " out of the log; once it is published, the application's updates and deletes would be refused or lost",
                            "alter table " + quoted + " replica identity using index …, or replica identity full")
                    .fixedBy(place.side(), "alter table " + quoted + " replica identity full"));
    }

    private static String lastPart(String lack) {
        return lack.substring(lack.lastIndexOf(": ") + 2);
    }

    private void triggers(Place target, TableFacts facts) {
        if (!facts.triggers().isEmpty())
            findings.add(fail(
                    target.side() + " " + facts.id(),
                    "triggers " + facts.triggers()
                            + " fire for every row that Lockstep applies; what they write, the source's have written already",
                    target.isPostgres()
                            ? "alter table " + target.dialect().quote(facts.id())
                                    + " enable trigger …: enabled as usual, they rest while Lockstep writes"
                            : "drop them on the target, and create them once it is open"));
    }

    /** Texts that are two on the source and one on the target. */
    private void texts(TableFacts source, TableFacts target) {
        Set<String> unique = new HashSet<>();
        target.uniqueKeys().forEach(unique::addAll);
        for (ColumnMapping column : table.columns()) {
            Collation there = target.collations().get(column.targetName());
            if (there == null || !unique.contains(column.targetName())) continue;
            Collation here = source.collations().getOrDefault(column.name(), new Collation("exact", false, false));
            String subject = table.id() + "." + column.name();
            String remedy =
                    "give the target's column the same rules: a binary or case-sensitive collation, on MariaDB one with nopad";
            if (there.caseBlind() && !here.caseBlind())
                findings.add(fail(
                        subject,
                        "texts that differ in case or accents are two on the source and one in the target's unique index ("
                                + there.name() + ")",
                        remedy));
            else if (there.caseBlind() && !there.name().equals(here.name()))
                findings.add(warn(
                        subject,
                        "is compared as " + here.name() + " on the source and as " + there.name()
                                + " in the target's unique index: some texts may be two there and one here",
                        remedy));
            else if (there.padding() && !here.padding() && column.kind() != Kind.PADDED_TEXT)
                findings.add(warn(
                        subject,
                        "texts that differ in trailing blanks are two on the source and one in the target's unique index ("
                                + there.name() + ")",
                        remedy));
        }
    }
}
