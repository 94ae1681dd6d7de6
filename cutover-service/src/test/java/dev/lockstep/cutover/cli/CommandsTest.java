package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandsTest {

    @TempDir
    Path directory;

    private final StringWriter errors = new StringWriter();

    @Test
    void initWritesAFileThatLoadsAndNeverOverwritesOne() throws Exception {
        Path file = directory.resolve("migration.yaml");

        assertThat(execute("init", file.toString())).isZero();
        Migration migration = MigrationFile.load(file);
        assertThat(migration.name()).isEqualTo("shop");
        assertThat(migration.dns()).isNotNull();

        Files.writeString(file, "mine");
        assertThat(execute("init", file.toString())).isEqualTo(1);
        assertThat(file).hasContent("mine");
        assertThat(errors.toString()).contains("is there already");
    }

    @Test
    void wrongUsageIsTwoAndWhatIsWrongInAFileIsOne() throws Exception {
        assertThat(execute("demo", "--rowss", "5")).isEqualTo(2);
        assertThat(execute("flip-everything")).isEqualTo(2);
        assertThat(execute("run", directory.resolve("none.yaml").toString())).isEqualTo(1);
        assertThat(errors.toString()).contains("lockstep init");

        Path file = Files.writeString(directory.resolve("m.yaml"), "migration: shop\nsorce: {}\n");
        assertThat(execute("run", file.toString())).isEqualTo(1);
        assertThat(errors.toString()).contains("m.yaml:1: source: is required, but missing");
    }

    @Test
    void statusAndCutoverSayWhenNothingRuns() throws Exception {
        Path file = Files.writeString(directory.resolve("m.yaml"), """
                migration: shop
                state: %s
                source: {url: "jdbc:postgresql://127.0.0.1:1/a", user: u}
                target: {url: "jdbc:postgresql://127.0.0.1:1/b", user: u}
                """.formatted(directory.resolve("state")));

        assertThat(execute("status", file.toString())).isEqualTo(1);
        assertThat(execute("cutover", file.toString())).isEqualTo(1);
        for (String command : new String[] {"pause", "resume", "report"})
            assertThat(execute(command, file.toString())).isEqualTo(1);
        assertThat(execute("dead-letters", "list", file.toString())).isEqualTo(1);
        assertThat(execute("dead-letters")).isEqualTo(2);
        assertThat(errors.toString()).contains("does not run here", "lockstep run", "list, retry or discard");
        assertThat(execute("run", "--role", "apply", file.toString())).isEqualTo(1);
        assertThat(errors.toString()).contains("set kafka.bootstrap");
    }

    @Test
    void finishSaysThatReadOnlyEndsWithTheServersNextStart() throws Exception {
        assertThat(fenceAfterwards("mysql", ""))
                .hasValueSatisfying(said -> assertThat(said).contains("read_only = ON"));
        assertThat(fenceAfterwards("mariadb", "")).isPresent();
        assertThat(fenceAfterwards("postgresql", ""))
                .as("a setting of the database")
                .isEmpty();
        String command = "cutover: {applicationUser: a, fence: {source: {command: [/opt/fence]}}}";
        assertThat(fenceAfterwards("mysql", command)).as("not Lockstep's").isEmpty();
    }

    private Optional<String> fenceAfterwards(String engine, String cutover) throws Exception {
        return FinishCommand.fenceAfterwards(
                MigrationFile.load(Files.writeString(directory.resolve("m.yaml"), """
                migration: shop
                source: {url: "jdbc:%1$s://127.0.0.1:1/a", user: u}
                target: {url: "jdbc:%1$s://127.0.0.1:1/b", user: u}
                %2$s
                """.formatted(engine, cutover))));
    }

    @Test
    void everyCommandExplainsItself() {
        for (String command : Lockstep.commandLine().getSubcommands().keySet())
            assertThat(execute(command, "--help")).as(command).isZero();
    }

    private int execute(String... arguments) {
        CommandLine line = Lockstep.commandLine();
        line.setErr(new PrintWriter(errors, true));
        line.setOut(new PrintWriter(new StringWriter()));
        line.getSubcommands().values().forEach(sub -> {
            sub.setErr(new PrintWriter(errors, true));
            sub.setOut(new PrintWriter(new StringWriter()));
        });
        return line.execute(arguments);
    }
}
