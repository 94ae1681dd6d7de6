package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.phase.Phase;
import dev.lockstep.cutover.phase.PhaseName;
import dev.lockstep.schemas.migration.Migration;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a migration: copies, follows, proves, and cuts over when that is due.",
            "Ended at any point and by any means, the next run carries on where this one was.",
            "With --role apply, on another machine: applies changes while no other process of the migration does."
        })
final class RunCommand implements Callable<Integer> {

    @Mixin
    private final MigrationArgument migration = new MigrationArgument();

    enum Role {
        ALL,
        APPLY
    }

    @Option(
            names = "--role",
            defaultValue = "all",
            description = {
                "all (default), or apply: stand by as an applier;",
                "needs kafka.bootstrap in the migration file"
            })
    private Role role = Role.ALL;

    @Override
    public Integer call() throws Exception {
        Migration chosen = migration.load();
        if (role == Role.APPLY) return standBy(chosen);
        Logs.to(chosen.state().resolve("lockstep.log"));
        TerminalView terminal = TerminalView.of(System.out);
        try (RunningMigration running = RunningMigration.start(chosen, terminal)) {
            Runtime.getRuntime().addShutdownHook(new Thread(running::close, "stop"));
            Phase phase = running.run();
            running.migration().left().forEach(left -> terminal.say("left behind " + left));
            if (!phase.name().isOnTarget() && phase.name() != PhaseName.FINISHED) return 1;
            terminal.say("the application writes on the target; phase " + phase.name());
            return 0;
        } catch (AlreadyMovedException e) {
            terminal.say(String.valueOf(e.getMessage()));
            return 0;
        }
    }

    private static int standBy(Migration chosen) throws InterruptedException {
        Logs.to(chosen.state().resolve("lockstep-apply.log"));
        try (StandbyRun standby = new StandbyRun(chosen, TerminalView.of(System.out))) {
            Runtime.getRuntime().addShutdownHook(new Thread(standby::close, "stop"));
            standby.run();
            return 0;
        }
    }

    static Clock clock() {
        return Clock.systemUTC();
    }
}
