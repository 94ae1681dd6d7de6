package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.flip.UnsafePlanException;
import dev.lockstep.schemas.migration.ConfigurationException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. Exit codes: 0 done, 1 refused or failed, 2 wrong usage. */
@Command(
        name = "lockstep",
        mixinStandardHelpOptions = true,
        version = "lockstep 0.1.0",
        description = "Zero-downtime database migration that proves itself.",
        subcommands = {
            DemoCommand.class,
            InitCommand.class,
            CheckCommand.class,
            RunCommand.class,
            StatusCommand.class,
            InventoryCommand.class,
            PlanCommand.class,
            WaveCommand.class,
            TtlCommand.class,
            RehearseCommand.class,
            CutoverCommand.class,
            RollbackCommand.class,
            FinishCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            DeadLettersCommand.class,
            ScanCommand.class,
            RepairCommand.class,
            ReportCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Lockstep implements Runnable {

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] arguments) {
        int code = commandLine().execute(arguments);
        System.exit(code); // the parts' libraries leave threads behind that are not daemons
    }

    static CommandLine commandLine() {
        return new CommandLine(new Lockstep())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Lockstep::explain);
    }

    private static int explain(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        boolean operatorsMatter = e instanceof ConfigurationException || e instanceof UnsafePlanException;
        if (!operatorsMatter) LoggerFactory.getLogger(Lockstep.class).error("the command failed", e);
        command.getErr().println("lockstep: " + (operatorsMatter ? e.getMessage() : reason(e)));
        return 1;
    }

    private static String reason(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
