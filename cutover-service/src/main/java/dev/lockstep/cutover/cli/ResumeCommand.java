package dev.lockstep.cutover.cli;

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
        ApiClient.of(migration.load()).post("/api/resume");
        System.out.println("the migration goes on. `lockstep status` shows it");
        return 0;
    }
}
