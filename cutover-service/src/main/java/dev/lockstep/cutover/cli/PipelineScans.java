package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Scanning;
import dev.lockstep.schemas.avro.Mismatch;
import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.stream.lag.ProofView;
import dev.lockstep.stream.scan.Difference;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The scans of the run that is under way, and the rows that differ in it. */
record PipelineScans(Supplier<MigrationRun> run) implements Scanning {

    private static final int VALUES = 100;

    @Override
    public List<String> ask(List<String> tables, @Nullable Instant since) {
        return pipeline().scanner.ask(tables, since);
    }

    private Pipeline pipeline() {
        return run.get().pipeline();
    }

    @Override
    public List<DifferingRow> rows() {
        return List.copyOf(known().values());
    }

    private Map<RowKey, DifferingRow> known() {
        Map<RowKey, DifferingRow> rows = new LinkedHashMap<>();
        ProofView proof = pipeline().lag.proof();
        for (int i = 0; i < proof.differing().size(); i++)
            rows.put(proof.differing().get(i), row(proof.mismatches().get(i)));
        for (Difference found : pipeline().scanner.view().differences())
            rows.merge(found.key(), row(found), (proven, scanned) -> together(proven, scanned));
        return rows;
    }

    private static DifferingRow row(Mismatch found) {
        return new DifferingRow(
                found.getTable(),
                found.getKey(),
                found.getKind().name(),
                "proof",
                List.of(),
                Micros.toInstant(found.getFirstSeenMicros()));
    }

    private static DifferingRow row(Difference found) {
        return new DifferingRow(
                found.key().table(),
                found.key().display(),
                found.kind().name(),
                "scan",
                found.columns(),
                found.firstSeen());
    }

    private static DifferingRow together(DifferingRow proven, DifferingRow scanned) {
        return new DifferingRow(
                proven.table(),
                proven.key(),
                scanned.kind(),
                "proof and scan",
                scanned.columns(),
                proven.firstSeen().isBefore(scanned.firstSeen()) ? proven.firstSeen() : scanned.firstSeen());
    }

    private List<RowKey> chosen(Choice choice) {
        return known().entrySet().stream()
                .filter(row -> choice.matches(row.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public List<RowValues> values(Choice choice) throws Exception {
        List<RowKey> rows = chosen(choice);
        return pipeline().scanner.values(rows.subList(0, Math.min(VALUES, rows.size()))).stream()
                .map(row -> new RowValues(
                        row.key().table(),
                        row.key().display(),
                        row.columns().stream()
                                .map(value -> new Values(value.column(), value.source(), value.target()))
                                .toList()))
                .toList();
    }

    @Override
    public int repair(Choice choice) throws Exception {
        MigrationRun now = run.get();
        List<RowKey> rows = chosen(choice);
        if (!rows.isEmpty()) now.requests().repair(rows, choice.by());
        return rows.size();
    }
}
