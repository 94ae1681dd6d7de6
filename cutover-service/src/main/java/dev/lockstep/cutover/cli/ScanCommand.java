package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Json;
import dev.lockstep.cutover.api.Scanning;
import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.phase.PhaseName;
import dev.lockstep.schemas.migration.ConfigurationException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "scan",
        mixinStandardHelpOptions = true,
        description = {
            "Reads both databases themselves, compares them row by row, and shows the rows that differ.",
            "The running migration does it, once after the copy and then as often as scan.every says; this asks for a pass now,",
            "and waits for it. Ended here, it goes on there. Exit code 1 if rows differ."
        })
final class ScanCommand implements Callable<Integer> {

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Set<String> SCANNED = Set.of(PhaseName.FOLLOWING.name(), PhaseName.SOAKING.name());

    @Mixin
    private final MigrationArgument migration = new MigrationArgument();

    @Option(names = "--tables", split = ",", description = "these alone, as the source names them: schema.table,…")
    private List<String> tables = List.of();

    @Option(
            names = "--since",
            description = "leave out what was scanned since: an instant such as 2026-11-22T10:00:00Z, or 6h before now")
    private @Nullable String since;

    @Option(names = "--show-values", description = "show what both sides hold in the columns that differ")
    private boolean values;

    @Option(names = "--json", description = "print the result as JSON")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        ApiClient api = ApiClient.of(migration.load());
        Map<String, Instant> before = begun(status(api).scan());
        List<String> asked = List.of(Json.read(api.post("/api/scan" + query()), String[].class));
        if (asked.isEmpty()) System.out.println("every table was scanned since then");
        Status status = await(api, asked, before);
        if (json) System.out.println(Json.write(status.scan()));
        else show(status, asked);
        if (values) showValues(api);
        return status.scan().differences() == 0 ? 0 : 1;
    }

    private String query() {
        StringBuilder query = new StringBuilder("?").append(Operator.query());
        for (String table : tables) query.append("&table=").append(ApiClient.encoded(table));
        if (since != null)
            query.append("&since=").append(ApiClient.encoded(instant(since).toString()));
        return query.toString();
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException notAnInstant) {
            try {
                return Instant.now().minus(Duration.parse("PT" + text));
            } catch (DateTimeParseException e) {
                throw new ConfigurationException(
                        "--since: an instant such as 2026-11-22T10:00:00Z, or a time such as 6h or 30m, not '" + text
                                + "'",
                        e);
            }
        }
    }

    private static Status status(ApiClient api) throws Exception {
        return Json.read(ApiClient.granted(api.get("/api/status")), Status.class);
    }

    private static Map<String, Instant> begun(Status.ScanStatus scan) {
        Map<String, Instant> begun = new HashMap<>();
        scan.tables().forEach(table -> begun.put(table.table(), table.started()));
        return begun;
    }

    private Status await(ApiClient api, List<String> asked, Map<String, Instant> before) throws Exception {
        String shown = "";
        while (true) {
            Status status = status(api);
            boolean done = asked.stream().allMatch(table -> isDone(status.scan(), table, before.get(table)));
            String progress = status.scan().table() == null ? status.scan().note() : ScanLines.underWay(status.scan());
            if (!json && !progress.equals(shown) && !progress.isEmpty()) System.out.println(progress);
            shown = progress;
            if (done) return status;
            if (!SCANNED.contains(status.phase()))
                throw new ConfigurationException("the migration is in phase " + status.phase()
                        + "; it scans in FOLLOWING and SOAKING, and the pass that was asked for begins there");
            Thread.sleep(LOOK.toMillis());
        }
    }

    private static boolean isDone(Status.ScanStatus scan, String table, @Nullable Instant before) {
        return scan.tables().stream()
                .anyMatch(pass -> pass.table().equals(table)
                        && pass.done()
                        && (before == null || pass.started().isAfter(before)));
    }

    private static void show(Status status, List<String> asked) {
        for (Status.TableScan table : status.scan().tables()) if (asked.contains(table.table())) show(table);
        for (Status.Difference row : status.scan().rows()) System.out.println("  " + ScanLines.line(row));
        if (status.scan().differences() > status.scan().rows().size())
            System.out.println("  and "
                    + (status.scan().differences() - status.scan().rows().size()) + " more");
    }

    private static void show(Status.TableScan table) {
        System.out.printf(
                "%-30s %,d rows on the source, %,d on the target, %,d read, %,d read again: %s%n",
                table.table(),
                table.rowsSource(),
                table.rowsTarget(),
                table.rowsRead(),
                table.rowsReread(),
                table.differences() == 0 ? "equal" : table.differences() + " rows differ");
        for (String note : table.notes()) System.out.println("  note: " + note);
    }

    private static void showValues(ApiClient api) throws Exception {
        for (Scanning.RowValues row : Json.read(
                ApiClient.granted(api.get("/api/differences/values?" + Operator.query())), Scanning.RowValues[].class))
            for (Scanning.Values value : row.columns())
                System.out.println(row.table() + " " + row.key() + " " + value.column() + ": source " + value.source()
                        + ", target " + value.target());
    }
}
