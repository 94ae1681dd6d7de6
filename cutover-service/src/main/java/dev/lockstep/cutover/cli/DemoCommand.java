package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.demo.WorldConfig;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Migrates a live shop between two databases on this machine, proves it, and moves its traffic by DNS.",
            "Starts databases, a name server and an application that writes all the time, then does what `run` does;",
            "at the end every write that the application was promised is looked for on the target.",
            "Exit code 0: moved and nothing lost. 1: not moved, or not as it should be."
        })
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--source",
            defaultValue = "postgres",
            description = "postgres, mariadb, or a JDBC URL of your own (default: ${DEFAULT-VALUE})")
    private String source = "postgres";

    @Option(names = "--target", defaultValue = "postgres", description = "likewise (default: ${DEFAULT-VALUE})")
    private String target = "postgres";

    @Option(names = "--source-user", description = "administrator of your own source")
    private @Nullable String sourceUser;

    @Option(names = "--source-password", description = "by reference: $${env:NAME} or $${file:PATH}")
    private @Nullable String sourcePassword;

    @Option(names = "--target-user", description = "administrator of your own target")
    private @Nullable String targetUser;

    @Option(names = "--target-password", description = "by reference: $${env:NAME} or $${file:PATH}")
    private @Nullable String targetPassword;

    @Option(
            names = "--rows",
            defaultValue = "100000",
            description = "rows in the shop to begin with (default: ${DEFAULT-VALUE})")
    private long rows = 100_000;

    @Option(
            names = "--rate",
            defaultValue = "200",
            description = "transactions a second of the application (default: ${DEFAULT-VALUE})")
    private double rate = 200;

    @Option(
            names = "--seconds",
            defaultValue = "30",
            description = "follow for at least so long, all gates open (default: ${DEFAULT-VALUE})")
    private long seconds = 30;

    @Option(names = "--auto", description = "cut over without asking once the gates have held")
    private boolean auto;

    @Option(names = "--back", description = "after the cutover, move the traffic back to the source as well")
    private boolean back;

    @Option(names = "--corrupt", description = "change one row of the target behind Lockstep's back, and see it refuse")
    private boolean corrupt;

    @Option(names = "--report", description = "write what was measured to this file, as JSON")
    private @Nullable Path report;

    @Override
    public Integer call() throws Exception {
        if (rows < 100 || rate <= 0 || seconds < 1)
            throw new ConfigurationException("--rows is at least 100, --rate more than 0, --seconds at least 1");
        Demo.Options options = new Demo.Options(
                server(source, sourceUser, sourcePassword),
                server(target, targetUser, targetPassword),
                rows,
                rate,
                Duration.ofSeconds(seconds),
                auto,
                back,
                corrupt,
                report);
        return Demo.run(options, TerminalView.of(System.out));
    }

    private static WorldConfig.Server server(String kind, @Nullable String user, @Nullable String password) {
        if (!kind.startsWith("jdbc:")) return WorldConfig.Server.started(kind);
        if (user == null)
            throw new ConfigurationException(
                    "a JDBC URL of your own needs an administrator: --source-user, --target-user");
        return new WorldConfig.Server(kind, user, password == null ? null : secret(password));
    }

    private static Secret secret(String reference) {
        try {
            return new Secret(reference);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(String.valueOf(e.getMessage()), e);
        }
    }
}
