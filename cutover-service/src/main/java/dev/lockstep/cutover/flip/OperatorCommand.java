package dev.lockstep.cutover.flip;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command of the operator's that is given a plan as JSON on its standard input:
 *
 * <pre>{"zone": "shop.test.", "changes": [{"name": "db.shop.test.", "type": "A",
 *   "before": {"ttl": 60, "values": ["192.0.2.1"]}, "after": {"ttl": 60, "values": ["192.0.2.2"]}}]}</pre>
 *
 * A set without values is absent. It ends with 0 once the whole change is taken, with 3 if it has changed nothing, and with anything else,
 * or not in time, if it cannot tell. The last line that it writes is shown to people.
 *
 * @param timeout after which it is killed
 */
record OperatorCommand(List<String> command, Duration timeout) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NOTHING_CHANGED = 3;
    private static final int SHOWN = 300;

    enum How {
        DONE,
        NOTHING_CHANGED,
        NOT_STARTED,
        UNKNOWN
    }

    /**
     * @param said for people
     */
    record Ended(How how, String said) {}

    Ended run(DnsPlan plan) {
        try {
            Path directory = Files.createTempDirectory("lockstep-dns");
            Path input = directory.resolve("plan.json");
            Path output = directory.resolve("output");
            try {
                Files.write(input, JSON.writeValueAsBytes(json(plan)));
                return run(input, output);
            } finally {
                for (Path file : List.of(input, output, directory)) Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return new Ended(How.NOT_STARTED, "the command " + command + " cannot be run: " + e.getMessage());
        }
    }

    private Ended run(Path input, Path output) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS))
                return new Ended(How.UNKNOWN, "did not end in " + timeout.toSeconds() + " s and was killed");
            int code = process.exitValue();
            String said = "exit code " + code + ", " + lastLine(output);
            if (code == 0) return new Ended(How.DONE, said);
            return new Ended(code == NOTHING_CHANGED ? How.NOTHING_CHANGED : How.UNKNOWN, said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Ended(How.UNKNOWN, "was interrupted");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly); // nothing may go on changing the zone
            process.destroyForcibly();
        }
    }

    private static String lastLine(Path output) throws IOException {
        String[] lines = new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
                .strip()
                .split("\\R");
        String last = lines[lines.length - 1];
        if (last.isEmpty()) return "it says nothing";
        return "it says: " + (last.length() > SHOWN ? last.substring(0, SHOWN) + "…" : last);
    }

    private static Map<String, Object> json(DnsPlan plan) {
        List<Map<String, Object>> changes = plan.changes().stream()
                .filter(change -> !change.done())
                .map(change -> Map.<String, Object>of(
                        "name", change.before().name(),
                        "type", change.before().type().name(),
                        "before", json(change.before()),
                        "after", json(change.after())))
                .toList();
        return Map.of("zone", plan.zone(), "changes", changes);
    }

    private static Map<String, Object> json(RecordSet set) {
        return Map.of("ttl", set.ttl(), "values", set.values());
    }
}
