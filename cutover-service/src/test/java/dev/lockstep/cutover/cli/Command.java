package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** A command of Lockstep's as a process of its own, started as the launcher does. */
final class Command {

    private Command() {}

    static Process start(Path output, String... arguments) throws IOException {
        return start(output, Lockstep.class, arguments);
    }

    static Process start(Path output, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g"));
        for (String open : List.of("lang", "util", "util.concurrent", "nio", "time"))
            command.add("--add-opens=java.base/java." + open + "=ALL-UNNAMED");
        command.addAll(List.of(
                "-Dlog4j2.configurationFile=log4j2-lockstep.xml",
                "-Djava.io.tmpdir=" + output.toAbsolutePath().getParent(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
    }

    /** What the command says against it; empty if it did as asked. */
    static String ask(String name, Path file) {
        StringWriter errors = new StringWriter();
        CommandLine line = Lockstep.commandLine();
        line.getSubcommands().get(name).setErr(new PrintWriter(errors, true));
        int code = line.execute(name, file.toString());
        assertThat(code).as(errors.toString()).isEqualTo(errors.toString().isEmpty() ? 0 : 1);
        return errors.toString();
    }

    /** How a command ended and what it wrote. */
    record Said(int code, String out, String errors) {}

    /** Runs the command in this process. */
    static Said run(String... arguments) {
        StringWriter errors = new StringWriter();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CommandLine line = Lockstep.commandLine();
        setErr(line, new PrintWriter(errors, true));
        PrintStream before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            int code = line.execute(arguments);
            return new Said(code, out.toString(StandardCharsets.UTF_8), errors.toString());
        } finally {
            System.setOut(before);
        }
    }

    private static void setErr(CommandLine line, PrintWriter errors) {
        line.setErr(errors);
        line.getSubcommands().values().forEach(sub -> setErr(sub, errors));
    }
}
