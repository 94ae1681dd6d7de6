package dev.lockstep.cutover.cli;

import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** Which migration a command is about. */
final class MigrationArgument {

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            defaultValue = "migration.yaml",
            description = "migration file (default: ${DEFAULT-VALUE})")
    private Path file = Path.of("migration.yaml");

    /**
     * @throws dev.lockstep.schemas.migration.ConfigurationException if it is not there or not valid
     */
    Migration load() {
        return MigrationFile.load(file);
    }
}
