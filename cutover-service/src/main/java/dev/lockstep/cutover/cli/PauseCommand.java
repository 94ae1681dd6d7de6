package dev.lockstep.cutover.cli;

import dev.lockstep.schemas.migration.ConfigurationException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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
        String by = URLEncoder.encode(Operator.name(), StandardCharsets.UTF_8);
        var response = ApiClient.of(migration.load()).post("/api/pause?by=" + by);
        if (response.statusCode() >= 300) throw new ConfigurationException("refused: " + response.body());
        System.out.println("the target is given no more changes; `lockstep resume` goes on");
        return 0;
    }
}
