package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Json;
import dev.lockstep.cutover.api.Status;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "status", mixinStandardHelpOptions = true, description = "Shows where a running migration stands.")
final class StatusCommand implements Callable<Integer> {

    @Mixin
    private final MigrationArgument migration = new MigrationArgument();

    @Option(names = "--json", description = "print all that is known, as JSON")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        var response = ApiClient.of(migration.load()).get("/api/status");
        if (response.statusCode() != 200) throw new IllegalStateException("no status: " + response.body());
        if (json) System.out.println(response.body());
        else TerminalView.lines(Json.read(response.body(), Status.class)).forEach(System.out::println);
        return 0;
    }
}
