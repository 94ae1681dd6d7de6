package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Json;
import dev.lockstep.cutover.api.Status;
import dev.lockstep.schemas.migration.MigrationFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "status", mixinStandardHelpOptions = true, description = "Shows where a running migration stands.")
final class StatusCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            defaultValue = "migration.yaml",
            description = "migration file (default: ${DEFAULT-VALUE})")
    private Path file = Path.of("migration.yaml");

    @Option(names = "--json", description = "print all that is known, as JSON")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        var response = ApiClient.of(MigrationFile.load(file)).get("/api/status");
        if (response.statusCode() != 200) throw new IllegalStateException("no status: " + response.body());
        if (json) System.out.println(response.body());
        else TerminalView.lines(Json.read(response.body(), Status.class)).forEach(System.out::println);
        return 0;
    }
}
