package dev.lockstep.cutover.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "cutover",
        mixinStandardHelpOptions = true,
        description = {
            "Moves the traffic of a running migration to the target.",
            "Refused, with the reasons, unless every gate is open; it begins once they have held."
        })
final class CutoverCommand implements Callable<Integer> {

    @Mixin
    private final MigrationArgument migration = new MigrationArgument();

    @Override
    public Integer call() throws Exception {
        ApiClient.of(migration.load()).post("/api/cutover");
        System.out.println("asked for; it begins as soon as all gates have held. `lockstep status` shows it");
        return 0;
    }
}
