package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.gate.Proof;
import dev.lockstep.cutover.phase.Journal;
import dev.lockstep.cutover.report.ChainFacts;
import dev.lockstep.cutover.report.Episode;
import dev.lockstep.cutover.report.Point;
import dev.lockstep.cutover.report.ProofRecord;
import dev.lockstep.cutover.report.ProofReport;
import dev.lockstep.cutover.report.RecordView;
import dev.lockstep.cutover.report.Tally;
import dev.lockstep.schemas.avro.CutoverEvent;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.stream.lag.ProofView;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers what the report says from the parts of the run that is under way. */
record ProofFacts(
        Migration migration,
        Beginning beginning,
        Pipeline pipeline,
        ProofRecord record,
        Journal journal,
        StatusBoard board,
        Clock clock) {

    private static final Logger LOG = LoggerFactory.getLogger(ProofFacts.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    ProofReport gather() throws InterruptedException {
        Status status = board.newest();
        ProofView proof = pipeline.lag.proof();
        long newest = proof.complete().stream()
                .mapToLong(TableVerdict::getBarrierMicros)
                .max()
                .orElse(0);
        RecordView kept = record.view(newest, PATIENCE);
        return new ProofReport(
                migration.name(),
                clock.instant(),
                database(migration.source(), status.source()),
                database(migration.target(), status.target()),
                status.phase(),
                barriers(proof, kept, newest),
                tables(proof, kept),
                pipeline.agreement().byScan(),
                positions(),
                ProofRules.used(migration),
                ProofRules.CANONICAL_FORM,
                ProofRules.notCompared(migration, beginning.preflight()),
                new ProofReport.Mismatches(
                        proof.openMismatches(),
                        kept.mismatches().stream().map(this::episode).toList(),
                        kept.mismatchesLeftOut()),
                status.scan().tables().isEmpty() ? null : status.scan(),
                status.deadLetters(),
                journal.read().stream().map(ProofFacts::entry).toList(),
                ChainFacts.of(kept.points(), kept.breaks()));
    }

    private static ProofReport.Database database(Endpoint endpoint, Status.Database known) {
        return new ProofReport.Database(
                known.engine(), known.version(), endpoint.host(), endpoint.port(), endpoint.database());
    }

    private static ProofReport.Barriers barriers(ProofView proof, RecordView kept, long newest) {
        List<Point> points = kept.points();
        Instant first = kept.tables().values().stream()
                .map(table -> Micros.toInstant(table.firstBarrierMicros()))
                .min(Instant::compareTo)
                .orElse(null);
        return new ProofReport.Barriers(
                proof.barriers(),
                first,
                newest == 0 ? null : Micros.toInstant(newest),
                points.isEmpty() ? 0 : points.get(points.size() - 1).verdicts());
    }

    private List<ProofReport.TableProof> tables(ProofView proof, RecordView kept) {
        Map<String, TableMapping> mappings = new TreeMap<>();
        pipeline.agreement().tables().forEach(table -> mappings.put(table.id(), table));
        return proof.complete().stream()
                .filter(verdict -> !verdict.getTable().equals(Barrier.MAPPING.id()))
                .map(verdict -> table(
                        verdict, mappings.get(verdict.getTable()), kept.tables().get(verdict.getTable())))
                .toList();
    }

    private static ProofReport.TableProof table(
            TableVerdict verdict, @Nullable TableMapping mapping, @Nullable Tally tally) {
        return new ProofReport.TableProof(
                verdict.getTable(),
                mapping == null ? "" : mapping.target().toString(),
                Micros.toInstant(verdict.getBarrierMicros()),
                verdict.getRowsSource(),
                verdict.getRowsTarget(),
                RowDigest.fromBytes(verdict.getDigestSource().bytes()).toString(),
                RowDigest.fromBytes(verdict.getDigestTarget().bytes()).toString(),
                Proof.isEqual(verdict),
                verdict.getMismatches(),
                tally == null ? null : Micros.toInstant(tally.firstBarrierMicros()),
                tally == null ? 0 : tally.verdicts(),
                tally == null ? 0 : tally.equalAt());
    }

    private List<ProofReport.Position> positions() {
        List<ProofReport.Position> lanes = new ArrayList<>();
        try (Connection target = migration.target().connect();
                var query = target.createStatement();
                var rows = query.executeQuery("select lane, next_offset, position, barrier_micros from lockstep.applied"
                        + " where direction = 'FORWARD' order by lane")) {
            while (rows.next())
                lanes.add(new ProofReport.Position(
                        rows.getInt(1),
                        rows.getLong(2),
                        rows.getString(3),
                        rows.getLong(4) == 0 ? null : Micros.toInstant(rows.getLong(4))));
        } catch (SQLException e) {
            LOG.warn("a report without positions: migration={} error={}", migration.name(), e.getMessage());
        }
        return lanes;
    }

    /** Of a table that was copied anew nothing heals any more: its rows are another table's. */
    private Episode episode(Episode row) {
        boolean over = row.healed() == null && pipeline.agreement().retired().contains(row.table());
        return over
                ? new Episode(
                        row.table(),
                        row.key(),
                        row.kind() + ", until the table was copied anew",
                        row.opened(),
                        row.seenMicros(),
                        null)
                : row;
    }

    private static ProofReport.JournalEntry entry(CutoverEvent event) {
        return new ProofReport.JournalEntry(
                Micros.toInstant(event.getAtMicros()),
                event.getPhase(),
                event.getReason(),
                new TreeMap<>(event.getFacts())
                        .entrySet().stream()
                                .map(fact -> fact.getValue().isEmpty()
                                        ? fact.getKey()
                                        : fact.getKey() + ": " + fact.getValue())
                                .toList());
    }
}
