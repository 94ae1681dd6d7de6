package dev.lockstep.cutover.cli;

import dev.lockstep.schemas.migration.ConfigurationException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "finish",
        mixinStandardHelpOptions = true,
        description = {
            "Ends a migration whose traffic has moved: writes the last report, ends the captures, and removes what Lockstep made",
            "in both databases. After it there is no way back; the source stays fenced."
        })
final class FinishCommand implements Callable<Integer> {

    @Mixin
    private final MigrationArgument migration = new MigrationArgument();

    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    @Override
    public Integer call() throws Exception {
        ApiClient api = ApiClient.of(migration.load());
        if (!yes
                && !Operator.agrees("give the way back up for good? `lockstep rollback` will not be possible any more"))
            throw new ConfigurationException("nothing is finished");
        api.post("/api/finish?" + Operator.query());
        System.out.println("asked for; the process of `lockstep run` ends when it is done");
        return 0;
    }
}
