package dev.lockstep.cutover.cli;

import dev.lockstep.schemas.migration.ConfigurationException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description = {
            "Gives a cutover under way up; or, after it, moves the traffic back to the source with every write made on the target.",
            "Refused, with the reason, while what was written on the target is not proven to be on the source within the bounds."
        })
final class RollbackCommand implements Callable<Integer> {

    @Mixin
    private final MigrationArgument migration = new MigrationArgument();

    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    @Override
    public Integer call() throws Exception {
        ApiClient api = ApiClient.of(migration.load());
        if (!yes && !Operator.agrees("have the application write on the source (its writes pause as in the cutover)?"))
            throw new ConfigurationException("nothing is moved");
        api.post("/api/rollback?" + Operator.query());
        System.out.println("asked for; `lockstep status` shows it");
        return 0;
    }
}
