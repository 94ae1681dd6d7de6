package dev.lockstep.cutover.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "pause",
        mixinStandardHelpOptions = true,
        description = {
            "Gives the target no changes until `lockstep resume`, also over restarts. The source's go on being captured,",
            "the lag grows, and no cutover begins."
        })
final class PauseCommand implements Callable<Integer> {

    @Mixin
    private final MigrationArgument migration = new MigrationArgument();

    @Override
    public Integer call() throws Exception {
        ApiClient.of(migration.load()).post("/api/pause?" + Operator.query());
        System.out.println("the target is given no more changes; `lockstep resume` goes on");
        return 0;
    }
}
