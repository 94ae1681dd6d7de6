package dev.lockstep.cutover.cli;

import dev.lockstep.ingest.capture.Stop;
import dev.lockstep.ingest.preflight.Finding;
import dev.lockstep.ingest.preflight.FirstCopy;
import dev.lockstep.ingest.preflight.Preflight;
import dev.lockstep.ingest.preflight.PreflightReport;
import dev.lockstep.ingest.snapshot.InitialCopy;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.CascadingKey;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides whether a paused migration may go on, and if so agrees on the tables anew. */
final class Resumption {

    private static final Logger LOG = LoggerFactory.getLogger(Resumption.class);

    private final Migration migration;
    private final Pipeline pipeline;
    private final TableAgreement before;
    private final TableAgreement found;
    private final Optional<KeptCapture> stopped;
    private final String change;

    private Resumption(Migration migration, Pipeline pipeline, PreflightReport report) throws SQLException {
        this.migration = migration;
        this.pipeline = pipeline;
        before = pipeline.agreement();
        found = TableAgreement.of(migration, report.tables());
        stopped = pipeline.changedInLog();
        change = pipeline.pause().map(Pause::change).orElse("");
    }

    /**
     * @return why it may not go on; empty: the new agreement is saved
     */
    static Optional<String> refuse(Migration migration, Pipeline pipeline) {
        PreflightReport report = Preflight.check(migration);
        if (!report.passed())
            return Optional.of("the two sides do not match yet:\n" + report.describe(Finding.Level.FAIL));
        try {
            return new Resumption(migration, pipeline, report).agree();
        } catch (SQLException e) {
            return Optional.of("a database cannot be read: " + e.getMessage() + "; try again");
        }
    }

    private Optional<String> agree() throws SQLException {
        Set<TableId> anew = anew();
        Optional<String> obstacle = anew.isEmpty() ? Optional.empty() : obstacle(anew);
        if (obstacle.isEmpty()) {
            LOG.info("resumes: migration={} change={} copied anew={}", migration.name(), change, anew);
            found.after(before, anew).passing(before, change, stopped).save(migration.state());
        }
        return obstacle;
    }

    /** The tables whose rows nobody knows to be the same on both sides any more, by the source's names. */
    private Set<TableId> anew() {
        Set<TableId> anew = new HashSet<>(LostValues.between(before, found, change));
        anew.addAll(carriedOtherwise());
        anew.addAll(unfinished());
        stopped.ifPresent(capture -> capture.stop()
                .filter(Resumption::hasOtherRows)
                .ifPresent(stop -> anew.addAll(named(capture.side, stop))));
        while (anew.addAll(tied(anew))) {}
        anew.retainAll(found.tables().stream().map(TableMapping::source).toList());
        return anew;
    }

    /** The digests of their untouched rows would go on being those of the old columns, on both sides. */
    private List<TableId> carriedOtherwise() {
        List<TableMapping> known = before.asCopiedFirst();
        return found.tables().stream()
                .filter(table -> !known.contains(table))
                .map(TableMapping::source)
                .toList();
    }

    /**
     * Tables between which cascades are made go together: what a parent's change did to a child is in the copy of both, or is made by the
     * applier for both.
     */
    private List<TableId> tied(Set<TableId> anew) {
        return Stream.concat(before.tables().stream(), found.tables().stream())
                .map(table -> Stream.concat(
                                Stream.of(table.source()),
                                table.cascades().stream().map(CascadingKey::parent))
                        .toList())
                .filter(group -> group.stream().anyMatch(anew::contains))
                .flatMap(List::stream)
                .toList();
    }

    /** A round that was not through begins again as a new one. */
    private List<TableId> unfinished() {
        int round = before.newestRound();
        if (round == 0 || pipeline.isCopied(round)) return List.of();
        return before.tables().stream()
                .filter(table -> table.round() == round)
                .map(TableMapping::source)
                .toList();
    }

    /** After a truncate, or another table under the same name, the log does not say which rows are gone. */
    private static boolean hasOtherRows(Stop stop) {
        return stop.reason().contains("was truncated") || stop.reason().startsWith("statement: ");
    }

    /** Those that a stop may speak of: rather one too many, and all if it seems to speak of none. */
    private Set<TableId> named(Side side, Stop stop) {
        String reason = stop.reason().toLowerCase(Locale.ROOT);
        List<TableMapping> all =
                Stream.concat(before.tables().stream(), found.tables().stream()).toList();
        Set<TableId> named = all.stream()
                .filter(table -> reason.contains(side.nameOf(table).name().toLowerCase(Locale.ROOT)))
                .map(TableMapping::source)
                .collect(Collectors.toSet());
        boolean whole = !named.isEmpty() && !reason.endsWith("…");
        return whole ? named : all.stream().map(TableMapping::source).collect(Collectors.toSet());
    }

    /** Why they cannot be copied anew beside the others. */
    private Optional<String> obstacle(Set<TableId> anew) throws SQLException {
        if (!pipeline.isCopied(0))
            return Optional.of("both sides match, but the initial copy is not through on both, and " + anew
                    + " would have to be copied anew meanwhile. " + InitialCopy.START_ANEW);
        Set<TableId> ours = before.tables().stream().map(TableMapping::target).collect(Collectors.toSet());
        List<TableMapping> foreign = found.tables().stream()
                .filter(table -> !ours.contains(table.target()))
                .toList();
        try (Connection target = migration.target().connectWriter()) {
            Dialect dialect = migration.target().dialect();
            return FirstCopy.filled(target, dialect, foreign).stream()
                    .findFirst()
                    .map(table -> "the target's table " + table.target()
                            + " is new to the migration and has rows, which would stay beside the source's: empty it"
                            + " (delete from " + dialect.quote(table.target()) + "), then: lockstep resume");
        }
    }
}
