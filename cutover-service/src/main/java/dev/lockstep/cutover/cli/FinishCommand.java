package dev.lockstep.cutover.cli;

import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Migration;
import java.util.Optional;
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
        Migration chosen = migration.load();
        ApiClient api = ApiClient.of(chosen);
        if (!yes
                && !Operator.agrees("give the way back up for good? `lockstep rollback` will not be possible any more"))
            throw new ConfigurationException("nothing is finished");
        api.post("/api/finish?" + Operator.query());
        System.out.println("asked for; the process of `lockstep run` ends when it is done");
        fenceAfterwards(chosen).ifPresent(System.out::println);
        return 0;
    }

    /** What nobody does again after the end: MySQL and MariaDB forget the fence when their server starts. */
    static Optional<String> fenceAfterwards(Migration migration) {
        boolean keepsIt = migration.source().dialect().engine().equals("postgresql");
        if (keepsIt || migration.cutover().fence().source().isCommand()) return Optional.empty();
        return Optional.of(
                "the source's read_only ends when its server is started anew: set read_only = ON in the server's"
                        + " configuration, if who still comes there is to be kept out");
    }
}
