package dev.lockstep.cutover.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "cutover",
        mixinStandardHelpOptions = true,
        description = {
            "Moves the traffic of a running migration to the target.",
            "Refused, with the reasons, unless every gate is open; it begins once they have held.",
            "An override lets a gate pass that is closed, for this one cutover. What is not known is not closed, and never passes."
        })
final class CutoverCommand implements Callable<Integer> {

    @Mixin
    private final MigrationArgument migration = new MigrationArgument();

    @Option(
            names = "--override",
            paramLabel = "RULE",
            description = {
                "let this gate pass although it is closed; may be repeated.",
                "Goes with --reason, and into journal and report"
            })
    private List<String> overrides = List.of();

    @Option(names = "--reason", description = "why the overridden gates may be closed")
    private String reason = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (spec != null && overrides.isEmpty() != reason.isBlank())
            throw new ParameterException(spec.commandLine(), "--override and --reason go together");
        StringBuilder query = new StringBuilder(Operator.query());
        for (String rule : overrides) query.append("&override=").append(ApiClient.encoded(rule));
        if (!reason.isBlank()) query.append("&reason=").append(ApiClient.encoded(reason));
        ApiClient.of(migration.load()).post("/api/cutover?" + query);
        System.out.println("asked for; it begins as soon as all gates have held. `lockstep status` shows it");
        return 0;
    }
}
