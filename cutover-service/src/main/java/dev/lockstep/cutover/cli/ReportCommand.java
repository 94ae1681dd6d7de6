package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Json;
import dev.lockstep.cutover.report.ProofReport;
import dev.lockstep.cutover.report.Verification;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Migration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the proof as a document: a page that needs nothing beside it, and the same facts as JSON.",
            "While the migration runs, as it stands; after it has ended, as it stood then.",
            "With --verify: holds a written report against the record; exit code 1 and the first difference if there is one."
        })
final class ReportCommand implements Callable<Integer> {

    @Mixin
    private final MigrationArgument migration = new MigrationArgument();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "where to write NAME-proof.html and NAME-proof.json (default: here)")
    private @Nullable Path out;

    @Option(names = "--json", description = "print the facts as JSON; files are written with --out alone")
    private boolean json;

    @Option(names = "--verify", paramLabel = "REPORT", description = "the JSON file of a report")
    private @Nullable Path verify;

    @Override
    public Integer call() throws Exception {
        Migration chosen = migration.load();
        if (verify != null) return verify(chosen, verify);
        ProofReport report = report(chosen);
        if (json) System.out.println(Json.write(report));
        if (!json || out != null) {
            Path directory = out == null ? Path.of("") : out;
            ReportFiles files = ReportFiles.in(directory, chosen.name() + "-proof");
            files.write(report);
            if (!json) System.out.println(files.page() + "\n" + files.json());
        }
        return 0;
    }

    private static ProofReport report(Migration chosen) throws IOException, InterruptedException {
        ReportFiles last = ReportFiles.of(chosen.state());
        if (Files.exists(last.json()) && !runs(chosen)) return read(last.json());
        return Json.read(ApiClient.granted(ApiClient.of(chosen).get("/api/report")), ProofReport.class);
    }

    /** One that was killed has left its address behind. */
    private static boolean runs(Migration chosen) {
        Optional<StateDirectory> free = StateDirectory.lockIfFree(chosen.state());
        free.ifPresent(StateDirectory::close);
        return free.isEmpty();
    }

    private static ProofReport read(Path file) {
        try {
            return Json.read(Files.readString(file), ProofReport.class);
        } catch (IOException | UncheckedIOException e) {
            throw new ConfigurationException(file + " is no report's JSON file: " + e.getMessage(), e);
        }
    }

    private static int verify(Migration chosen, Path file) throws IOException, InterruptedException {
        ProofReport report = read(file);
        if (!report.migration().equals(chosen.name()))
            throw new ConfigurationException(
                    file + " is of migration " + report.migration() + ", not of " + chosen.name());
        Optional<String> difference = difference(chosen, report);
        System.out.println(difference
                .map(found -> "NOT AS RECORDED: " + found)
                .orElse("as recorded: " + report.barriers().verdicts() + " verdicts up to barrier "
                        + report.barriers().newest()));
        return difference.isPresent() ? 1 : 0;
    }

    /** A running process lends its Kafka; without one the messages are opened here for as long as it takes. */
    private static Optional<String> difference(Migration chosen, ProofReport report)
            throws IOException, InterruptedException {
        Path record = ReportFiles.record(chosen.state());
        if (!Files.exists(record))
            throw new ConfigurationException(
                    "no record of the proof in " + record + "; verify where the migration ran");
        Optional<StateDirectory> free = StateDirectory.lockIfFree(chosen.state());
        if (free.isEmpty())
            return Verification.check(
                    report, record, ApiClient.granted(ApiClient.of(chosen).get("/api/kafka")));
        try (StateDirectory state = free.get();
                Broker broker = Broker.start(chosen, chosen.lanes().count())) {
            return Verification.check(report, record, broker.bootstrap);
        }
    }
}
