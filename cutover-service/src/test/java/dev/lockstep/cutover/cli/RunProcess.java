package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Json;
import dev.lockstep.cutover.api.Status;
import dev.lockstep.schemas.migration.Migration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;

/** {@code lockstep run} as a process of its own, so that it can be killed as a power cut would. */
final class RunProcess implements AutoCloseable {

    private final Process process;
    private final Path output;
    private final Path file;
    private final Migration migration;

    private RunProcess(Process process, Path output, Path file, Migration migration) {
        this.process = process;
        this.output = output;
        this.file = file;
        this.migration = migration;
    }

    static RunProcess start(Path file, Migration migration, Path output) throws IOException {
        return new RunProcess(Command.start(output, "run", file.toString()), output, file, migration);
    }

    /** The same, dying where the file says. */
    static RunProcess startCrashing(Path file, Migration migration, Path output, Path acts, Path crash)
            throws IOException {
        String[] arguments = {file.toString(), acts.toString(), crash.toString()};
        return new RunProcess(Command.start(output, CrashingRun.class, arguments), output, file, migration);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    Status status() throws IOException, InterruptedException {
        return Json.read(ApiClient.of(migration).get("/api/status").body(), Status.class);
    }

    /**
     * What a process that starts still lacks counts as not yet. On a timeout says what was awaited then, and by which gates; of a process
     * that has ended, what it said last.
     */
    Status await(String what, Duration timeout, Predicate<Status> condition) {
        AtomicReference<Status> last = new AtomicReference<>();
        try {
            return Awaitility.await(what)
                    .atMost(timeout)
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptions()
                    .failFast("the process has ended", () -> !process.isAlive())
                    .until(
                            () -> {
                                last.set(status());
                                return last.get();
                            },
                            condition::test);
        } catch (ConditionTimeoutException e) {
            Status status = last.get();
            throw new AssertionError(
                    what + ": "
                            + (status == null
                                    ? "no status at all"
                                    : status.phase() + " awaits " + status.awaited() + " " + status.troubles() + " "
                                            + status.gates())
                            + "; it said last:\n" + lastWords(),
                    e);
        } catch (TerminalFailureException e) {
            throw new AssertionError(what + ": the process has ended; it said last:\n" + lastWords(), e);
        }
    }

    /** On the terminal, and of its log what went wrong. */
    private String lastWords() {
        return last(output, line -> true) + "\n"
                + last(migration.state().resolve("lockstep.log"), line -> line.matches("\\S+ (WARN|ERROR) .*"));
    }

    private static String last(Path file, Predicate<String> wanted) {
        try (Stream<String> lines = Files.lines(file)) {
            List<String> all = lines.filter(wanted).toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - 40), all.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    int cutover() {
        return Lockstep.commandLine().execute("cutover", file.toString());
    }

    int finish() {
        return Lockstep.commandLine().execute("finish", "--yes", file.toString());
    }

    int rollback() {
        return Lockstep.commandLine().execute("rollback", "--yes", file.toString());
    }

    /** SIGKILL: nothing in the process gets to run any more. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    int awaitExit(Duration timeout) throws InterruptedException {
        if (!process.waitFor(timeout.toSeconds(), java.util.concurrent.TimeUnit.SECONDS))
            throw new AssertionError("still running after " + timeout);
        return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
