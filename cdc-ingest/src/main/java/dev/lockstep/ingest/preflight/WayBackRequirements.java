package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Finding.fail;
import static dev.lockstep.ingest.preflight.Finding.warn;

import dev.lockstep.ingest.preflight.TableRequirements.Place;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.TableMapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What must hold of a pair of tables for the traffic to be able to go back: after the cutover the target's log is what is carried, and the
 * source is what is written. Pure.
 */
final class WayBackRequirements {

    private static final String WITHOUT = "cutover.wayBack: false does without a way back";

    private WayBackRequirements() {}

    static List<Finding> judge(
            TableMapping table, Place source, TableFacts sourceFacts, Place target, TableFacts targetFacts) {
        List<Finding> findings = new ArrayList<>();
        if (!target.logsCascades())
            for (Cascade cascade : targetFacts.cascades())
                findings.add(fail(
                        target.side() + " " + targetFacts.id(),
                        "foreign key " + cascade
                                + ": once the application writes here, InnoDB changes these rows without writing it to the binlog, so"
                                + " the way back would miss it",
                        logged(cascade, target) + WITHOUT));
        if (!sourceFacts.triggers().isEmpty())
            findings.add(warn(
                    source.side() + " " + sourceFacts.id(),
                    "triggers " + sourceFacts.triggers()
                            + " fire for every row that the way back writes, beside what the target's have done already: where that"
                            + " makes a difference the proof names it, and the way back is closed",
                    WITHOUT));
        Set<String> missing = missing(table, sourceFacts);
        if (!missing.isEmpty())
            findings.add(warn(
                    source.side() + " " + sourceFacts.id(),
                    missing
                            + " are not carried and take no row without a value: rows that are new on the target could not go back",
                    "give them a default, or make them nullable; " + WITHOUT));
        return findings;
    }

    private static String logged(Cascade cascade, Place target) {
        List<String> statements = cascade.logged(target.dialect(), target.cascades());
        return statements.isEmpty()
                ? ""
                : "let a trigger do the same, as on the source: " + String.join("; ", statements) + "; or ";
    }

    private static Set<String> missing(TableMapping table, TableFacts source) {
        Set<String> carried = table.columns().stream().map(ColumnMapping::name).collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>(source.demanding());
        missing.removeAll(carried);
        return missing;
    }
}
