package dev.lockstep.cutover.report;

import dev.lockstep.cutover.api.Status;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The report as a page that needs nothing beside it. Whatever comes from a database or a file is escaped. */
public final class ReportPage {

    private static final String HEAD = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <style>
            :root { color-scheme: light dark; --line: #ccc; --quiet: #666; --good: #176b2c; --bad: #b00020 }
            @media (prefers-color-scheme: dark) { :root { --line: #444; --quiet: #aaa; --good: #6fcf87; --bad: #ff7b8a } }
            body { font: 15px/1.45 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem }
            h1 { margin-bottom: 0 } h2 { margin-top: 2.2rem; border-bottom: 1px solid var(--line) }
            table { border-collapse: collapse; width: 100% } th { text-align: left }
            th, td { padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
            td { overflow-wrap: anywhere } .n { text-align: right; font-variant-numeric: tabular-nums }
            code { font-size: .85em } .quiet { color: var(--quiet) } .good { color: var(--good) } .bad { color: var(--bad) }
            @media print {
              :root { color-scheme: light; --line: #999; --quiet: #333; --good: #000; --bad: #000 }
              body { margin: 0; max-width: none; font-size: 10pt; color: #000; background: #fff }
              tr { break-inside: avoid } h2 { break-after: avoid }
            }
            </style>
            """;

    private final StringBuilder page = new StringBuilder(HEAD);
    private final ProofReport report;

    private ReportPage(ProofReport report) {
        this.report = report;
    }

    public static String of(ProofReport report) {
        ReportPage page = new ReportPage(report);
        page.title();
        page.barriers();
        page.tables();
        page.positions();
        page.mismatches();
        page.deadLetters();
        page.scan();
        page.rules();
        page.journal();
        page.chain();
        return page.page.append("</body>\n</html>\n").toString();
    }

    private void title() {
        page.append("<title>").append(escaped("Proof of migration " + report.migration()));
        page.append("</title>\n</head>\n<body>\n<h1>").append(escaped("Proof of migration " + report.migration()));
        page.append("</h1>\n<p class=\"quiet\">made ")
                .append(escaped(report.at()))
                .append(", in phase ");
        page.append(escaped(report.phase())).append("</p>\n");
        page.append(
                report.holds()
                        ? "<p class=\"good\"><strong>Every table is equal on both sides at the newest proven barrier"
                                + (report.byScan().isEmpty()
                                        ? ""
                                        : ", and those that the scan alone proves in their last one")
                                + ".</strong></p>\n"
                        : "<p class=\"bad\"><strong>Not everything is proven: see tables, mismatches, dead letters and"
                                + " chain.</strong></p>\n");
        header("Side", "Engine", "Version", "Server", "Database");
        side("source", report.source());
        side("target", report.target());
        end();
    }

    private void side(String side, ProofReport.Database database) {
        row(side, database.engine(), database.version(), database.host() + ":" + database.port(), database.database());
    }

    private void barriers() {
        section("Barriers");
        paragraph(
                "A barrier cuts both sides' logs at one commit of the source; every changed row is compared as of it, and the sums"
                        + " of all rows' digests of both sides.");
        header("First", "Newest proven on every table", "Proven", "Verdicts chained");
        ProofReport.Barriers barriers = report.barriers();
        row(barriers.first(), barriers.newest(), barriers.proven(), barriers.verdicts());
        end();
    }

    private void tables() {
        section("Tables");
        if (report.tables().isEmpty()) paragraph("Nothing has been proven yet.");
        else table();
        if (!report.byScan().isEmpty())
            paragraph(
                    "Foreign keys of the source change rows of " + String.join(", ", report.byScan())
                            + " without a word in its log, and Lockstep made the same on the target. No barrier's verdict says"
                            + " anything of these tables; the scan below, which reads both databases themselves, is their proof.");
    }

    private void table() {
        header("Table", "On the target", "Equal", "Rows", "Sum of digests", "Differing", "Equal at barriers", "Since");
        for (ProofReport.TableProof table : report.tables())
            row(
                    table.table(),
                    table.target(),
                    new Mark(table.equal()),
                    both(table.rowsSource(), table.rowsTarget()),
                    new Code(both(table.digestSource(), table.digestTarget())),
                    table.mismatches(),
                    table.equalAt() + " of " + table.verdicts(),
                    table.firstBarrier());
        end();
    }

    private static String both(Object source, Object target) {
        return source.equals(target)
                ? source + " on both sides"
                : source + " on the source, " + target + " on the target";
    }

    private void positions() {
        section("Positions");
        if (report.positions().isEmpty()) {
            paragraph("The target could not be asked.");
            return;
        }
        header("Lane", "Next offset", "Place in the source's log", "Barrier applied");
        for (ProofReport.Position lane : report.positions())
            row(lane.lane(), lane.nextOffset(), new Code(lane.position()), lane.barrier());
        end();
    }

    private void mismatches() {
        section("Rows that differed");
        ProofReport.Mismatches found = report.mismatches();
        paragraph(found.open() + " differ now.");
        if (found.history().isEmpty()) return;
        header("Table", "Key", "Kind", "Opened at barrier", "Healed");
        for (Episode row : found.history())
            row(row.table(), row.key(), row.kind(), row.opened(), row.healed() == null ? "not yet" : row.healed());
        end();
        if (found.leftOut() > 0) paragraph(found.leftOut() + " further reports are not shown.");
    }

    private void deadLetters() {
        section("Dead letters");
        Status.DeadLetters letters = report.deadLetters();
        if (letters == null) {
            paragraph("Not known: the target was not reached.");
            return;
        }
        paragraph(letters.open() + " rows are refused by the target.");
        if (letters.rows().isEmpty()) return;
        header("Table", "Key", "Operation", "SQL state", "What the target said", "Since");
        for (Status.Letter row : letters.rows())
            row(row.table(), row.key(), row.operation(), row.sqlState(), row.error(), row.since());
        end();
    }

    private void scan() {
        section("Scan of both databases");
        Status.ScanStatus scan = report.scan();
        if (scan == null || scan.tables().isEmpty()) {
            paragraph("No scan has been run.");
            return;
        }
        paragraph(scan.differences() + " rows found to differ. " + scan.note());
        header("Table", "Began", "Through", "Rows", "Read again", "Unsettled", "Differing", "Clean since");
        for (Status.TableScan table : scan.tables())
            row(
                    table.table(),
                    table.started(),
                    table.done() ? "yes" : "no",
                    both(table.rowsSource(), table.rowsTarget()),
                    table.rowsReread(),
                    table.rowsUnsettled(),
                    table.differences(),
                    table.clean());
        end();
        for (Status.TableScan table : scan.tables())
            for (String note : table.notes()) paragraph(table.table() + ": " + note + ".");
    }

    private void rules() {
        section("Rules");
        header("Rule", "Value");
        for (ProofReport.RuleUsed rule : report.rules()) row(rule.rule(), rule.value());
        end();
        section("What counts as equal");
        list(report.canonicalForm());
        section("Not compared");
        list(report.notCompared());
    }

    private void journal() {
        section("Journal");
        header("At", "Entry", "Why", "Facts");
        for (ProofReport.JournalEntry entry : report.journal())
            row(entry.at(), entry.entry(), entry.reason(), String.join("\n", entry.facts()));
        end();
    }

    private void chain() {
        ChainFacts chain = report.chain();
        section("Chain over the verdicts");
        paragraph(chain.algorithm() + ". Hold this report against the record with: lockstep report --verify FILE.json");
        if (chain.breaks().isEmpty()) paragraph("No change of the record was found.");
        else list(chain.breaks());
        header("Verdicts", "Barrier", "Unequal tables", "Link");
        for (Point point : chain.points())
            row(point.verdicts(), point.barrier(), point.unequal(), new Code(point.link()));
        end();
        if (chain.leftOut() > 0)
            paragraph(chain.leftOut() + " further barriers with an unequal table are in the chain's file alone.");
    }

    /** Text in a fixed width. */
    private record Code(String text) {}

    private record Mark(boolean good) {}

    private void section(String name) {
        page.append("<h2>").append(escaped(name)).append("</h2>\n");
    }

    private void paragraph(String text) {
        page.append("<p>").append(escaped(text)).append("</p>\n");
    }

    private void list(List<String> lines) {
        page.append("<ul>\n");
        for (String line : lines) page.append("<li>").append(escaped(line)).append("</li>\n");
        page.append("</ul>\n");
    }

    private void header(String... names) {
        page.append("<table>\n<thead><tr>");
        for (String name : names) page.append("<th>").append(escaped(name)).append("</th>");
        page.append("</tr></thead>\n<tbody>\n");
    }

    private void row(@Nullable Object... cells) {
        page.append("<tr>");
        for (Object cell : cells) page.append(cell(cell));
        page.append("</tr>\n");
    }

    private static String cell(@Nullable Object cell) {
        if (cell instanceof Number number) return String.format(Locale.ROOT, "<td class=\"n\">%,d</td>", number);
        if (cell instanceof Code code) return "<td><code>" + escaped(code.text()) + "</code></td>";
        if (cell instanceof Mark mark)
            return mark.good() ? "<td class=\"good\">yes</td>" : "<td class=\"bad\"><strong>NO</strong></td>";
        return "<td>" + escaped(cell == null ? "–" : cell) + "</td>";
    }

    private void end() {
        page.append("</tbody>\n</table>\n");
    }

    private static String escaped(Object text) {
        String plain = text instanceof Instant instant ? instant.toString() : String.valueOf(text);
        return plain.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;")
                .replace("\n", "<br>");
    }
}
