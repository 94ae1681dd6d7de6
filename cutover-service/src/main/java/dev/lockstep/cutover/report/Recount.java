package dev.lockstep.cutover.report;

import dev.lockstep.cutover.gate.Proof;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.row.RowDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Chains the verdicts of the topic anew, and holds a report and the chain's file against them. Of differences the first counts. */
final class Recount {

    private final VerdictBook book;
    private final NavigableMap<Long, Point> report;
    private final NavigableMap<Long, Point> file;
    private final Map<String, ProofReport.TableProof> tables = new HashMap<>();
    private @Nullable Point agreed;
    private @Nullable String difference;

    Recount(ProofReport report, List<Point> file) {
        book = VerdictBook.begin(report.migration());
        this.report = byNumber(report.chain().points());
        if (report.chain().newest() != null)
            this.report.put(report.chain().newest().verdicts(), report.chain().newest());
        this.file = byNumber(file);
        report.tables().forEach(table -> tables.put(table.table(), table));
    }

    private static NavigableMap<Long, Point> byNumber(List<Point> points) {
        NavigableMap<Long, Point> found = new TreeMap<>();
        points.forEach(point -> found.put(point.verdicts(), point));
        return found;
    }

    private Optional<String> betweenReportAndFile() {
        for (Point point : report.values()) {
            Point kept = file.get(point.verdicts());
            if (kept == null)
                return Optional.of("the chain's file has no link after verdict " + point.verdicts() + " (barrier "
                        + point.barrier() + "), the report has " + point.link());
            if (!kept.equals(point))
                return Optional.of(differing(point.verdicts(), "the report", point, "the chain's file", kept));
        }
        return Optional.empty();
    }

    void add(TableVerdict verdict) {
        if (!book.add(verdict)) return;
        Point now = book.point();
        compare(now, file.get(now.verdicts()), "the chain's file");
        compare(now, report.get(now.verdicts()), "the report");
        ProofReport.TableProof table = tables.get(verdict.getTable());
        if (table != null && Micros.of(table.barrier()) == verdict.getBarrierMicros()) compare(verdict, table);
    }

    private void compare(Point now, @Nullable Point before, String where) {
        if (before == null) return;
        if (!before.equals(now)) found(differing(now.verdicts(), where, before, "the topic of verdicts", now));
        else agreed = now;
    }

    private void compare(TableVerdict verdict, ProofReport.TableProof table) {
        tables.remove(table.table());
        boolean same = verdict.getRowsSource() == table.rowsSource()
                && verdict.getRowsTarget() == table.rowsTarget()
                && digest(verdict.getDigestSource().bytes()).equals(table.digestSource())
                && digest(verdict.getDigestTarget().bytes()).equals(table.digestTarget())
                && verdict.getMismatches() == table.mismatches()
                && Proof.isEqual(verdict) == table.equal();
        if (!same)
            found("the report's figures of table " + table.table() + " at barrier " + table.barrier()
                    + " are not those of the verdict");
    }

    static String digest(byte[] bytes) {
        return RowDigest.fromBytes(bytes).toString();
    }

    private String differing(long verdicts, String one, Point first, String other, Point second) {
        return "after verdict " + verdicts + " (barrier " + second.barrier() + ") " + one + " has link " + first.link()
                + ", " + other + " " + second.link()
                + (first.link().equals(second.link()) ? ", with another barrier or count of unequal tables" : "")
                + (agreed == null
                        ? ""
                        : "; up to verdict " + agreed.verdicts() + " (barrier " + agreed.barrier()
                                + ") all is as it was");
    }

    private void found(String what) {
        if (difference == null) difference = what;
    }

    /** The first difference; empty: there is none. */
    Optional<String> end() {
        long last = book.chain().verdicts();
        for (NavigableMap<Long, Point> points : List.of(report, file)) {
            Map.Entry<Long, Point> beyond = points.higherEntry(last);
            if (beyond != null)
                found("the topic of verdicts ends after verdict " + last + ", and a link over " + beyond.getKey()
                        + " was written (barrier " + beyond.getValue().barrier() + ")");
        }
        tables.values()
                .forEach(table -> found("the topic has no verdict on table " + table.table() + " at barrier "
                        + table.barrier() + ", of which the report tells"));
        return Optional.ofNullable(difference).or(this::betweenReportAndFile);
    }
}
