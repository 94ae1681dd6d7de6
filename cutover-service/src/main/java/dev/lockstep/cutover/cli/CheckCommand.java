package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Json;
import dev.lockstep.ingest.preflight.Finding;
import dev.lockstep.ingest.preflight.Finding.Fix;
import dev.lockstep.ingest.preflight.Finding.Level;
import dev.lockstep.ingest.preflight.Preflight;
import dev.lockstep.ingest.preflight.PreflightReport;
import dev.lockstep.schemas.migration.Migration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Looks at both databases and Kafka, and says what must be mended before the migration can begin, and how.",
            "Changes nothing without --fix. Exit code: 0 nothing fails, 1 something does."
        })
final class CheckCommand implements Callable<Integer> {

    @Mixin
    private final MigrationArgument migration = new MigrationArgument();

    @Option(names = "--json", description = "print every finding as JSON")
    private boolean json;

    @Option(names = "--all", description = "show what passed as well")
    private boolean all;

    @Option(
            names = "--fix",
            description = {
                "run the statements that mend without risk, after asking;",
                "never by itself: restarts, grants, and what deletes rows"
            })
    private boolean fix;

    @Option(names = "--yes", description = "with --fix: do not ask")
    private boolean yes;

    @Override
    public Integer call() {
        Migration chosen = migration.load();
        PreflightReport report = Preflight.check(chosen);
        if (fix && mend(chosen, report)) report = Preflight.check(chosen);
        if (json) System.out.println(Json.write(asJson(chosen, report)));
        else print(report);
        return report.passed() ? 0 : 1;
    }

    /** Whether anything was run. */
    private boolean mend(Migration chosen, PreflightReport report) {
        List<Fix> fixes = report.findings().stream()
                .filter(finding -> finding.level() != Level.PASS)
                .map(Finding::fix)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        if (fixes.isEmpty()) return false;
        Fixes runner = new Fixes(chosen, System.err);
        return (yes || runner.agreed(fixes)) && runner.run(fixes);
    }

    private void print(PreflightReport report) {
        report.findings().stream()
                .filter(finding -> all || finding.level() != Level.PASS)
                .forEach(System.out::println);
        System.out.printf(
                "%d passed, %d warnings, %d failures; %d tables pair%n",
                count(report, Level.PASS),
                count(report, Level.WARN),
                count(report, Level.FAIL),
                report.tables().size());
        if (!fix && report.findings().stream().anyMatch(finding -> finding.fix() != null))
            System.out.println("`lockstep check --fix` runs the statements that mend without risk");
    }

    private static long count(PreflightReport report, Level level) {
        return report.findings().stream().filter(f -> f.level() == level).count();
    }

    private static Map<String, Object> asJson(Migration migration, PreflightReport report) {
        return Map.of(
                "migration", migration.name(),
                "passed", report.passed(),
                "sourceVersion", report.sourceVersion(),
                "targetVersion", report.targetVersion(),
                "tables", report.tables(),
                "findings", report.findings());
    }
}
