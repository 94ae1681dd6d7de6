package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Json;
import dev.lockstep.cutover.forecast.Forecast;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "rehearse",
        mixinStandardHelpOptions = true,
        description = {
            "Tries the next move of a running migration without stopping writes: the cutover, or after it the rollback.",
            "Foretells the write pause from what it measures, and prints the whole plan step by step. Nothing is changed.",
            "Exit code 1 if a drill fails."
        })
final class RehearseCommand implements Callable<Integer> {

    @Mixin
    private final MigrationArgument migration = new MigrationArgument();

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "5",
            description = "drills, up to " + Rehearsal.MOST_DRILLS + " (default: ${DEFAULT-VALUE})")
    private int runs = 5;

    @Option(names = "--json", description = "print the forecast as JSON")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        String answer = ApiClient.of(migration.load()).post("/api/rehearse?runs=" + runs);
        Forecast forecast = Json.read(answer, Forecast.class);
        if (json) System.out.println(answer);
        else ForecastLines.of(forecast).forEach(System.out::println);
        return forecast.trouble().isEmpty() ? 0 : 1;
    }
}
