package dev.lockstep.cutover.cli;

import dev.lockstep.schemas.migration.ConfigurationException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = {
            "Goes on after a pause: one that was asked for, or one because a table has changed, once both sides match again.",
            "Refused, with what does not match yet, as long as they do not."
        })
final class ResumeCommand implements Callable<Integer> {

    @Mixin
    private final MigrationArgument migration = new MigrationArgument();

    @Override
    public Integer call() throws Exception {
        var response = ApiClient.of(migration.load()).post("/api/resume");
        if (response.statusCode() >= 300) throw new ConfigurationException("refused: " + response.body());
        System.out.println("the migration goes on. `lockstep status` shows it");
        return 0;
    }
}
