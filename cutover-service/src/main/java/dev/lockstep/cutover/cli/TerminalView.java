package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Status;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shows the status: redrawn in place on a terminal, as plain lines elsewhere (each change of phase, and one line every few seconds). */
final class TerminalView {

    private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(5);
    private static final Duration REDRAW_INTERVAL = Duration.ofMillis(500);

    /** A wrapped line would be two to erase: the terminal cuts long ones at its edge (DECAWM). */
    private static final String NO_WRAP = "\033[?7l";

    private static final String WRAP = "\033[?7h";

    /** More would push the view's head off a small screen. */
    private static final int TABLES = 8;

    private final PrintStream out;
    private final boolean live;
    private int drawn;
    private String phase = "";
    private String awaited = "";
    private List<String> troubles = List.of();
    private Instant shownAt = Instant.MIN;

    TerminalView(PrintStream out, boolean live) {
        this.out = out;
        this.live = live;
    }

    /** Live where there is a terminal that can be drawn on. */
    static TerminalView of(PrintStream out) {
        String terminal = System.getenv("TERM");
        return new TerminalView(out, System.console() != null && terminal != null && !terminal.equals("dumb"));
    }

    synchronized void show(Status status) {
        boolean newPhase = !status.phase().equals(phase);
        Duration interval = live ? REDRAW_INTERVAL : PLAIN_INTERVAL;
        if (!newPhase && !shownAt.equals(Instant.MIN) && shownAt.plus(interval).isAfter(status.at())) return;
        shownAt = status.at();
        if (live) redraw(lines(status));
        else plain(status, newPhase);
        phase = status.phase();
    }

    /** A line that stays, above what is redrawn. */
    synchronized void say(String line) {
        erase();
        out.println(line);
        out.flush();
    }

    private void plain(Status status, boolean newPhase) {
        if (newPhase) out.println(clock(status.phaseSince()) + "  phase " + status.phase() + reason(status));
        status.troubles().stream()
                .filter(trouble -> !troubles.contains(trouble))
                .forEach(trouble -> out.println(clock(status.at()) + "  trouble: " + trouble));
        troubles = status.troubles();
        readings(status).forEach(line -> out.println(clock(status.at()) + "  " + line));
        out.println(String.format(
                Locale.ROOT,
                "%s  %s  %,.0f rows/s  %s",
                clock(status.at()),
                lag(status),
                status.changes().perSecond(),
                proven(status)));
        if (!status.awaited().equals(awaited)) out.println(clock(status.at()) + "  awaits " + status.awaited());
        awaited = status.awaited();
        out.flush();
    }

    private static String reason(Status status) {
        return status.phases().isEmpty()
                ? ""
                : "  (" + status.phases().get(status.phases().size() - 1).reason() + ")";
    }

    private void redraw(List<String> lines) {
        erase();
        out.print(NO_WRAP);
        lines.forEach(out::println);
        out.print(WRAP);
        out.flush();
        drawn = lines.size();
    }

    private void erase() {
        if (drawn > 0) out.print("\033[" + drawn + "A\033[J");
        drawn = 0;
    }

    static List<String> lines(Status status) {
        List<String> lines = new ArrayList<>();
        lines.add("migration " + status.migration() + "   " + status.source().engine() + " "
                + status.source().version() + " -> " + status.target().engine() + " "
                + status.target().version());
        lines.add("phase     " + status.phase() + " for "
                + Duration.between(status.phaseSince(), status.at()).toSeconds() + " s, awaits " + status.awaited());
        if (status.paused() != null) {
            lines.add("PAUSED    " + status.paused().change());
            lines.add("          " + status.paused().remedy());
        }
        for (String trouble : status.troubles()) lines.add("trouble   " + trouble);
        for (Status.LogUse log : status.logs())
            lines.add(
                    "log       " + log.side() + " keeps " + (log.retainedBytes() >> 20) + " MB for us, " + log.state());
        for (Map.Entry<String, Status.StageLagStatus> stage : status.lag().entrySet()) lines.add(stageLine(stage));
        readings(status).forEach(line -> lines.add("copy      " + line));
        lines.add(String.format(
                Locale.ROOT,
                "rows      %,d copied in %.1f s, %,d changes applied, %,.0f rows/s",
                status.copy().rows(),
                status.copy().seconds(),
                status.changes().applied(),
                status.changes().perSecond()));
        lines.add("proof     " + proven(status));
        lines.addAll(tableLines(status.proof().tables()));
        if (!status.proof().byScan().isEmpty())
            lines.add("          proven by scan alone: "
                    + String.join(", ", status.proof().byScan()));
        for (Status.MismatchStatus m : status.mismatches().stream().limit(5).toList())
            lines.add("          " + m.kind() + " " + m.table() + " " + m.key());
        lines.addAll(ScanLines.lines(status));
        Status.DeadLetters letters = status.deadLetters();
        if (letters != null && letters.open() > 0)
            lines.add("letters   " + letters.open()
                    + " rows refused by the target are set aside: lockstep dead-letters list");
        lines.addAll(SoakLines.of(status));
        if (status.forecast() != null)
            lines.add(ForecastLines.of(
                    status.forecast(), Duration.between(status.forecast().at(), status.at())));
        for (Status.Gate gate : status.gates())
            lines.add("gate      " + String.format("%-14s %-8s %s", gate.rule(), gate.state(), gate.reason()));
        Status.QuietHour quiet = status.quietest();
        if (quiet != null)
            lines.add(String.format(
                    Locale.ROOT,
                    "quiet     %s, %,.1f rows/s, of %d measured hours; the busiest had %,.1f",
                    quiet.hour(),
                    quiet.rowsPerSecond(),
                    quiet.measuredHours(),
                    quiet.busiestRowsPerSecond()));
        return lines;
    }

    /** The copies under way. */
    static List<String> readings(Status status) {
        List<String> lines = new ArrayList<>();
        reading("source", status.copy().source()).ifPresent(lines::add);
        reading("target", status.copy().target()).ifPresent(lines::add);
        return lines;
    }

    private static Optional<String> reading(String side, Status.@Nullable Reading copy) {
        if (copy == null || copy.done()) return Optional.empty();
        Long estimated = copy.estimatedRows();
        Double left = copy.secondsLeft();
        return Optional.of(String.format(
                Locale.ROOT,
                "%s read: %,d rows%s, %,.1f MB, %,.0f rows/s%s%s",
                side,
                copy.rows(),
                estimated == null ? "" : String.format(Locale.ROOT, " of about %,d", estimated),
                copy.bytes() / 1e6,
                copy.rowsPerSecond(),
                left == null ? "" : String.format(Locale.ROOT, ", about %,.0f s left", left),
                copy.note().isEmpty() ? "" : "; waits for " + copy.note()));
    }

    /** Those that differ first. */
    static List<String> tableLines(List<Status.TableStatus> tables) {
        List<String> lines = tables.stream()
                .sorted(Comparator.comparing(Status.TableStatus::equal).thenComparing(Status.TableStatus::table))
                .limit(TABLES)
                .map(table -> String.format(
                        Locale.ROOT,
                        "          %-28s %,12d rows  %s",
                        table.table(),
                        table.rowsSource(),
                        table.equal() ? "equal" : "DIFFERS in " + table.mismatches() + " rows"))
                .collect(Collectors.toCollection(ArrayList::new));
        if (tables.size() > TABLES) lines.add("          and " + (tables.size() - TABLES) + " more");
        return lines;
    }

    private static String stageLine(Map.Entry<String, Status.StageLagStatus> stage) {
        Status.StageLagStatus lag = stage.getValue();
        return String.format(
                "lag       %-9s now %8s   p50 %8s   p95 %8s   p99 %8s   over %.0f s",
                stage.getKey(),
                millis(lag.nowMillis()),
                millis(lag.p50Millis()),
                millis(lag.p95Millis()),
                millis(lag.p99Millis()),
                lag.windowSeconds());
    }

    private static String lag(Status status) {
        List<String> stages = new ArrayList<>();
        status.lag().forEach((stage, lag) -> stages.add(stage + " " + millis(lag.nowMillis())));
        return "lag " + String.join(", ", stages);
    }

    private static String proven(Status status) {
        long equal = status.proof().tables().stream()
                .filter(Status.TableStatus::equal)
                .count();
        int byScan = status.proof().byScan().size();
        return equal + " of " + status.proof().tables().size() + " tables proven equal, "
                + (byScan == 0 ? "" : byScan + " by scan alone, ")
                + status.proof().mismatches() + " rows differ, "
                + status.proof().barriers() + " barriers";
    }

    private static String millis(@Nullable Long millis) {
        return millis == null ? "unknown" : millis < 10_000 ? millis + " ms" : millis / 1000 + " s";
    }

    /** Hours from two on, minutes from two on, seconds below. */
    static String roughly(Duration duration) {
        if (duration.toHours() >= 2) return duration.toHours() + " h";
        return duration.toMinutes() >= 2 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
    }

    private static String clock(Instant instant) {
        return instant.toString().substring(11, 19);
    }
}
