package dev.lockstep.cutover.fence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The operator's command, given a verb as its last argument: {@code stop} and {@code allow} end with 0 once it is done, {@code state} ends with
 * 0 while writes are stopped and with 1 while they are not. Anything else means that it cannot tell. The last line that it writes is shown to
 * people.
 *
 * @param timeLimit after which it is killed, with what it started
 */
record FenceCommand(List<String> command, Duration timeLimit) {

    private static final int UNKNOWN = -1;
    private static final int SHOWN = 300;

    /**
     * @param code of its exit; -1 if it did not get there
     * @param said for people
     */
    record Ended(int code, String said) {

        boolean isDone() {
            return code == 0;
        }

        boolean isStopped() {
            return code == 0;
        }

        boolean isOpen() {
            return code == 1;
        }
    }

    Ended run(String verb) {
        List<String> line = new ArrayList<>(command);
        line.add(verb);
        try {
            Path output = Files.createTempFile("lockstep-fence", ".out");
            try {
                return run(line, output);
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            return new Ended(UNKNOWN, line + " cannot be run: " + e.getMessage());
        }
    }

    private Ended run(List<String> line, Path output) throws IOException {
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(timeLimit.toMillis(), TimeUnit.MILLISECONDS))
                return new Ended(UNKNOWN, line + " did not end within " + timeLimit.toMillis() + " ms and was killed");
            int code = process.exitValue();
            return new Ended(code, line + " ended with " + code + lastLine(output));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Ended(UNKNOWN, line + " was interrupted");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static String lastLine(Path output) throws IOException {
        String[] lines = new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
                .strip()
                .split("\\R");
        String last = lines[lines.length - 1];
        if (last.isEmpty()) return "";
        return ": " + (last.length() > SHOWN ? last.substring(0, SHOWN) + "…" : last);
    }
}
