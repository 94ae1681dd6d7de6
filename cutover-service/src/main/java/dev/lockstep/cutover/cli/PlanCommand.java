package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Json;
import dev.lockstep.cutover.flip.UnsafePlanException;
import dev.lockstep.cutover.flip.Zone;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Migration;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what the cutover will send to DNS, zone by zone, and which servers it will read back; changes nothing.",
            "It tries out, too, whether each zone's server would take the update.",
            "The cutover plans by the same code, and is refused what is refused here. Exit code 1 if a plan is not safe."
        })
final class PlanCommand implements Callable<Integer> {

    @Mixin
    private final MigrationArgument migration = new MigrationArgument();

    @Option(names = "--json", description = "print it as JSON")
    private boolean json;

    @Override
    public Integer call() {
        Migration chosen = migration.load();
        if (chosen.dns().isEmpty())
            throw new ConfigurationException(
                    "the migration file names no dns: you move the traffic yourself once the target is open");
        List<PlanView> plans = chosen.dns().stream().map(PlanCommand::view).toList();
        if (json) System.out.println(Json.write(plans));
        else plans.forEach(plan -> plan.lines().forEach(System.out::println));
        return plans.stream().allMatch(PlanView::safe) ? 0 : 1;
    }

    private static PlanView view(Migration.DnsRules rules) {
        try {
            return PlanView.of(Zone.of(List.of(rules), Clock.systemUTC()).get(0));
        } catch (UnsafePlanException e) {
            return PlanView.unsafe(rules, String.valueOf(e.getMessage()));
        }
    }
}
