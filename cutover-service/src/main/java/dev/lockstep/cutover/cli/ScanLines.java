package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Status;
import dev.lockstep.stream.scan.Difference;
import dev.lockstep.stream.scan.Pass;
import dev.lockstep.stream.scan.ScanView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the scans know, for status and terminal. */
final class ScanLines {

    private ScanLines() {}

    /**
     * @param rows of those that differ, how many to name
     */
    static Status.ScanStatus of(ScanView view, int rows) {
        return new Status.ScanStatus(
                view.table(),
                Math.round(view.rowsPerSecond()),
                secondsLeft(view),
                view.note(),
                view.passes().stream().map(ScanLines::table).toList(),
                view.differences().size(),
                view.differences().stream()
                        .sorted(Comparator.comparing(Difference::firstSeen))
                        .limit(rows)
                        .map(ScanLines::difference)
                        .toList());
    }

    private static @Nullable Double secondsLeft(ScanView view) {
        if (view.rowsPerSecond() <= 0) return null;
        return view.passes().stream()
                .filter(pass -> pass.table().equals(view.table()) && pass.estimatedRows() > 0)
                .findFirst()
                .map(pass -> Math.max(0, pass.estimatedRows() - pass.rowsSource()) / view.rowsPerSecond())
                .orElse(null);
    }

    private static Status.TableScan table(Pass pass) {
        return new Status.TableScan(
                pass.table(),
                pass.started(),
                pass.at(),
                pass.done(),
                pass.rowsSource(),
                pass.rowsTarget(),
                pass.estimatedRows() > 0 ? pass.estimatedRows() : null,
                pass.rowsRead(),
                pass.rowsReread(),
                pass.rowsUnsettled(),
                pass.differences(),
                pass.clean(),
                pass.notes());
    }

    private static Status.Difference difference(Difference found) {
        return new Status.Difference(
                found.key().table(), found.key().display(), found.kind().name(), found.columns(), found.firstSeen());
    }

    /** For the terminal. */
    static List<String> lines(Status status) {
        Status.ScanStatus scan = status.scan();
        List<String> lines = new ArrayList<>();
        if (scan.table() != null) lines.add("scan      " + underWay(scan));
        long clean =
                scan.tables().stream().filter(table -> table.clean() != null).count();
        lines.add("scan      " + clean + " of "
                + (status.proof().tables().size() + status.proof().byScan().size()) + " tables scanned clean"
                + oldest(status) + ", " + scan.differences() + " rows differ");
        if (!scan.note().isEmpty()) lines.add("          " + scan.note());
        for (Status.Difference row : scan.rows().stream().limit(5).toList()) lines.add("          " + line(row));
        return lines;
    }

    static String line(Status.Difference row) {
        return row.kind() + " " + row.table() + " " + row.key()
                + (row.columns().isEmpty() ? "" : " in " + String.join(", ", row.columns()));
    }

    private static String oldest(Status status) {
        return status.scan().tables().stream()
                .map(Status.TableScan::clean)
                .filter(java.util.Objects::nonNull)
                .min(Comparator.naturalOrder())
                .map(at -> ", the oldest " + Duration.between(at, status.at()).toSeconds() + " s ago")
                .orElse("");
    }

    /** How far the table is that is being scanned. */
    static String underWay(Status.ScanStatus scan) {
        Status.TableScan table = scan.tables().stream()
                .filter(one -> one.table().equals(scan.table()))
                .findFirst()
                .orElse(null);
        Double left = scan.secondsLeft();
        return String.format(
                Locale.ROOT,
                "%s: %,d rows%s, %,.0f rows/s%s",
                scan.table(),
                table == null ? 0 : table.rowsSource(),
                table == null || table.estimatedRows() == null
                        ? ""
                        : String.format(Locale.ROOT, " of about %,d", table.estimatedRows()),
                scan.rowsPerSecond(),
                left == null ? "" : String.format(Locale.ROOT, ", about %,.0f s left", left));
    }
}
