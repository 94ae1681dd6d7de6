package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Json;
import dev.lockstep.cutover.api.Scanning;
import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.phase.PhaseName;
import dev.lockstep.schemas.migration.ConfigurationException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "repair",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the rows that differ and, after asking, writes the source's over the target's, or deletes what the source lacks;",
            "after the cutover the target's over the source's.",
            "Changes stand still for a second or two meanwhile. The next barrier proves the rows, and their tables are scanned anew:",
            "no cutover begins before that scan was clean."
        })
final class RepairCommand implements Callable<Integer> {

    @Mixin
    private final MigrationArgument migration = new MigrationArgument();

    @Option(names = "--table", description = "rows of this table alone, as reports name it")
    private @Nullable String table;

    @Option(names = "--key", description = "the row with this key alone, as reports show it: (7, x)")
    private @Nullable String key;

    @Option(names = "--list", description = "show what would be done, and do nothing")
    private boolean list;

    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    @Override
    public Integer call() throws Exception {
        ApiClient api = ApiClient.of(migration.load());
        var choice = new Scanning.Choice(table, key, "");
        List<Scanning.DifferingRow> rows =
                List.of(Json.read(ApiClient.granted(api.get("/api/differences")), Scanning.DifferingRow[].class))
                        .stream()
                        .filter(choice::matches)
                        .toList();
        boolean onTarget = isOnTarget(api);
        rows.forEach(row -> System.out.println(plan(row, onTarget)));
        if (rows.isEmpty()) System.out.println("no row is known to differ");
        if (rows.isEmpty() || list) return 0;
        if (!yes
                && !Operator.agrees(
                        "write these " + rows.size() + " rows on the " + (onTarget ? "source" : "target") + "?"))
            throw new ConfigurationException("nothing is written");
        String query = "?" + Operator.query() + (table == null ? "" : "&table=" + ApiClient.encoded(table))
                + (key == null ? "" : "&key=" + ApiClient.encoded(key));
        System.out.println(
                api.post("/api/differences/repair" + query)
                        + " rows sent in order with the changes; the proof tells of them, and a scan of their tables has begun");
        return 0;
    }

    /** Where the application writes. */
    private static boolean isOnTarget(ApiClient api) throws Exception {
        Status status = Json.read(ApiClient.granted(api.get("/api/status")), Status.class);
        return PhaseName.valueOf(status.phase()).isOnTarget();
    }

    private static String plan(Scanning.DifferingRow row, boolean onTarget) {
        String what =
                switch (row.kind()) {
                    case "MISSING" -> onTarget ? "delete" : "insert";
                    case "UNEXPECTED" -> onTarget ? "insert" : "delete";
                    default -> "write  ";
                };
        return what + "  " + row.table() + " " + row.key()
                + (row.columns().isEmpty() ? "" : " (" + String.join(", ", row.columns()) + ")") + "  found by the "
                + row.by() + ", differs since " + row.firstSeen();
    }
}
