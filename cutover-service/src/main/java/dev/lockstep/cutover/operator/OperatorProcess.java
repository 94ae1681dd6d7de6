package dev.lockstep.cutover.operator;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command of the operator's: a program and its arguments, which no shell reads. Runs in bounded time, and leaves nothing running.
 *
 * @param timeLimit after which it is killed, with what it started
 */
public record OperatorProcess(List<String> command, Duration timeLimit) {

    private static final int SHOWN = 300;
    private static final int READ = 64 * 1024;

    /** How a run came to its end. */
    public enum How {
        EXITED,
        /** It was not even begun. */
        NOT_STARTED,
        /** Whatever it was doing. */
        CUT_OFF
    }

    /**
     * @param code of its exit; -1 if it did not get there
     * @param said the last line that it wrote, shortened; or why it did not get there
     */
    public record Ended(How how, int code, String said) {

        private static Ended cutOff(String why) {
            return new Ended(How.CUT_OFF, -1, why);
        }
    }

    /** Runs it with these arguments after its own. */
    public Ended run(String... arguments) {
        return run(new byte[0], arguments);
    }

    /**
     * Likewise.
     *
     * @param input what it can read
     */
    public Ended run(byte[] input, String... arguments) {
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of(arguments));
        try {
            Path directory = Files.createTempDirectory("lockstep-command");
            Path in = directory.resolve("input");
            Path out = directory.resolve("output");
            try {
                Files.write(in, input);
                return run(line, in, out);
            } finally {
                for (Path file : List.of(in, out, directory)) Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return new Ended(How.NOT_STARTED, -1, "cannot be run: " + e.getMessage());
        }
    }

    private Ended run(List<String> line, Path input, Path output) throws IOException {
        Process process = new ProcessBuilder(line)
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            return process.waitFor(timeLimit.toMillis(), TimeUnit.MILLISECONDS)
                    ? new Ended(How.EXITED, process.exitValue(), lastLine(output))
                    : Ended.cutOff("did not end within " + timeLimit.toMillis() + " ms and was killed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Ended.cutOff("was interrupted");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static String lastLine(Path output) throws IOException {
        byte[] end;
        try (InputStream written = Files.newInputStream(output)) {
            written.skipNBytes(Math.max(0, Files.size(output) - READ)); // however much it was
            end = written.readNBytes(READ);
        }
        String[] lines = new String(end, StandardCharsets.UTF_8).strip().split("\\R");
        String last = lines[lines.length - 1].strip();
        return last.length() > SHOWN ? last.substring(0, SHOWN) + "…" : last;
    }
}
