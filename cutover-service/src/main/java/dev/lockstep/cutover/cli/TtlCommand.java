package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.flip.Step;
import dev.lockstep.schemas.migration.Migration;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "ttl",
        mixinStandardHelpOptions = true,
        description = "Lowers the TTL of the records that will move ahead of a cutover, and restores it at the end.",
        subcommands = {TtlCommand.Lower.class, TtlCommand.Restore.class})
final class TtlCommand implements Runnable {

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    /** What both have in common: show, ask, do. */
    private abstract static class Change implements Callable<Integer> {

        @CommandLine.Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it
        CommandLine.Model.CommandSpec spec;

        @Mixin
        private final MigrationArgument migration = new MigrationArgument();

        @Option(names = "--dry-run", description = "show what would be sent, and end")
        private boolean dryRun;

        @Option(names = "--yes", description = "do not ask")
        private boolean yes;

        @Override
        public Integer call() {
            Migration chosen = migration.load();
            Ttls ttls = new Ttls(chosen, Clock.systemUTC());
            List<Step> steps = steps(ttls, chosen);
            for (Step step : steps) step.plan().lines().forEach(System.out::println);
            boolean done = steps.stream().allMatch(step -> step.plan().isDone());
            if (dryRun || (!done && !yes && !Operator.agrees("send this?"))) return dryRun ? 0 : 1;
            return finish(ttls, steps);
        }

        abstract List<Step> steps(Ttls ttls, Migration chosen);

        abstract int finish(Ttls ttls, List<Step> steps);

        static int say(List<String> trouble) {
            trouble.forEach(line -> System.err.println("lockstep: " + line));
            return trouble.isEmpty() ? 0 : 1;
        }
    }

    @Command(
            name = "lower",
            mixinStandardHelpOptions = true,
            description = {
                "Lowers the TTL of the record sets that will move, where it is higher, by compare-and-swap; what they hold stays.",
                "The gate `ttl` opens once the old TTL has run out since the last authoritative server showed the lower one."
            })
    static final class Lower extends Change {

        @Option(
                names = "--to",
                paramLabel = "SECONDS",
                description = "the new TTL (default: dns.lowTtl of the migration file)")
        private @Nullable Integer seconds;

        @Override
        List<Step> steps(Ttls ttls, Migration chosen) {
            Integer asked = seconds;
            if (asked != null && asked < 1)
                throw new CommandLine.ParameterException(spec.commandLine(), "--to: at least 1");
            return ttls.lower(zone -> asked == null ? zone.rules().lowTtl() : Duration.ofSeconds(asked));
        }

        @Override
        int finish(Ttls ttls, List<Step> steps) {
            int code = say(ttls.sendLower(steps));
            if (code == 0) ttls.drained().forEach(System.out::println);
            return code;
        }
    }

    @Command(
            name = "restore",
            mixinStandardHelpOptions = true,
            description = {
                "Gives the record sets the TTLs back that they had before `ttl lower` or the flip, whichever values they hold now.",
                "A set that has moved gets the TTL of its rule, if it has one. `lockstep finish` does this, too."
            })
    static final class Restore extends Change {

        @Override
        List<Step> steps(Ttls ttls, Migration chosen) {
            List<Step> steps = ttls.restore();
            if (steps.isEmpty()) System.out.println("no TTL was changed; nothing to restore");
            return steps;
        }

        @Override
        int finish(Ttls ttls, List<Step> steps) {
            return say(ttls.sendRestore(steps));
        }
    }
}
