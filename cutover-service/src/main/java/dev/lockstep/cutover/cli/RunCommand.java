package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.phase.Phase;
import dev.lockstep.cutover.phase.PhaseName;
import dev.lockstep.schemas.migration.Migration;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a migration: copies, follows, proves, and cuts over when that is due.",
            "Ended at any point and by any means, the next run carries on where this one was."
        })
final class RunCommand implements Callable<Integer> {

    @Mixin
    private final MigrationArgument migration = new MigrationArgument();

    @Override
    public Integer call() throws Exception {
        Migration chosen = migration.load();
        Logs.to(chosen.state().resolve("lockstep.log"));
        TerminalView terminal = TerminalView.of(System.out);
        try (RunningMigration running = RunningMigration.start(chosen, terminal)) {
            Runtime.getRuntime().addShutdownHook(new Thread(running::close, "stop"));
            Phase phase = running.run();
            if (phase.name().ordinal() < PhaseName.OPEN.ordinal()) return 1;
            terminal.say("the application writes on the target; phase " + phase.name());
            return 0;
        } catch (AlreadyMovedException e) {
            terminal.say(String.valueOf(e.getMessage()));
            return 0;
        }
    }

    static Clock clock() {
        return Clock.systemUTC();
    }
}
