package dev.lockstep.cutover.cli;

import dev.lockstep.schemas.migration.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = "Writes a commented migration file to begin with.")
final class InitCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            defaultValue = "migration.yaml",
            description = "where to write it (default: ${DEFAULT-VALUE})")
    private Path file = Path.of("migration.yaml");

    @Override
    public Integer call() throws IOException {
        try (InputStream template = InitCommand.class.getResourceAsStream("/migration-template.yaml")) {
            if (template == null) throw new IllegalStateException("the build holds no migration-template.yaml");
            Files.copy(template, file);
        } catch (FileAlreadyExistsException e) {
            throw new ConfigurationException(file + " is there already; name another file, or move it away", e);
        }
        System.out.println("wrote " + file + "; fill it in, then: lockstep run " + file);
        return 0;
    }
}
