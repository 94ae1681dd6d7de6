package dev.lockstep.cutover.cli;

import dev.lockstep.ingest.capture.Stop;
import dev.lockstep.ingest.preflight.Finding;
import dev.lockstep.ingest.preflight.Preflight;
import dev.lockstep.ingest.preflight.PreflightReport;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Decides whether a paused migration may go on, and if so agrees on the tables anew. */
final class Resumption {

    private Resumption() {}

    /**
     * @return why it may not go on; empty: the new agreement is saved
     */
    static Optional<String> refuse(Migration migration, Pipeline pipeline) {
        PreflightReport report = Preflight.check(migration);
        if (!report.passed())
            return Optional.of("the two sides do not match yet:\n" + report.describe(Finding.Level.FAIL));
        try {
            return agree(migration, pipeline, report);
        } catch (SQLException e) {
            return Optional.of("a database cannot be read: " + e.getMessage() + "; try again");
        }
    }

    private static Optional<String> agree(Migration migration, Pipeline pipeline, PreflightReport report)
            throws SQLException {
        TableAgreement before = pipeline.agreement();
        Set<String> changed = changed(before.tables(), report.tables());
        Optional<Stop> stop = pipeline.changeInLog();
        String change = pipeline.pause().map(Pause::change).orElse("");
        TableAgreement now = TableAgreement.of(migration, report.tables());
        changed.addAll(LostValues.between(before, now, change));
        stop.filter(Resumption::hasOtherRows).ifPresent(s -> changed.add(s.reason()));
        if (!changed.isEmpty())
            return Optional.of(
                    "both sides match, but rows that were copied before are not proven under the new columns ("
                            + String.join(", ", changed)
                            + "): a new copy is needed. Start anew: empty the target's tables, drop the"
                            + " schema or database lockstep on both sides, and delete " + migration.state());
        now.passing(before, change, stop, pipeline.isAtSource(stop)).save(migration.state());
        return Optional.empty();
    }

    /** After a truncate, or another table under the same name, the log does not say which rows are gone. */
    private static boolean hasOtherRows(Stop stop) {
        return stop.reason().contains("was truncated")
                || stop.reason().startsWith("statement: ")
                || stop.reason().contains("created anew");
    }

    /** Tables that are new or gone, or whose rows are carried otherwise than before. */
    private static Set<String> changed(List<TableMapping> before, List<TableMapping> now) {
        return Stream.concat(before.stream(), now.stream())
                .filter(table -> !before.contains(table) || !now.contains(table))
                .map(TableMapping::id)
                .collect(Collectors.toCollection(java.util.TreeSet::new));
    }
}
