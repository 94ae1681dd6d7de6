package dev.lockstep.cutover.watch;

import dev.lockstep.schemas.migration.SoakRules.CheckRules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs an operator's command again and again, while it is on, and counts how often in a row it has failed. */
public final class OperatorCheck implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorCheck.class);
    private static final int MOST_OUTPUT = 64 * 1024;
    private static final int MOST_SAID = 200;

    private final CheckRules rules;
    private final Clock clock;
    private final Rhythm rhythm;
    private volatile @Nullable CheckState state;

    private OperatorCheck(CheckRules rules, Clock clock) {
        this.rules = rules;
        this.clock = clock;
        rhythm = new Rhythm("check", rules.every(), this::run);
    }

    /** Runs nothing before {@link #watch}. */
    public static OperatorCheck start(CheckRules rules, Clock clock) {
        return new OperatorCheck(rules, clock);
    }

    /** Goes on running it, or rests and begins to count anew. */
    public void watch(boolean on) {
        rhythm.on(on);
        if (!on) state = null;
    }

    /** How it stands; empty: it has not ended yet since it is on. */
    public Optional<CheckState> state() {
        return Optional.ofNullable(state);
    }

    private void run() {
        CheckState before = state;
        String failure;
        try {
            failure = failure();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        int failures = failure.isEmpty() ? 0 : 1 + (before == null ? 0 : before.failures());
        if (failures > 0) LOG.warn("the check failed: times={} said={}", failures, failure);
        state = new CheckState(clock.instant(), failures, failure);
    }

    /** Why it failed; empty: it passed. */
    private String failure() throws InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(rules.command())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
        } catch (IOException e) {
            return "cannot be run: " + e.getMessage();
        }
        CompletableFuture<String> said = CompletableFuture.supplyAsync(() -> lastLine(process.getInputStream()));
        try {
            if (!process.waitFor(rules.timeout().toMillis(), TimeUnit.MILLISECONDS))
                return "did not end within " + rules.timeout().toMillis() + " ms";
            return process.exitValue() == 0 ? "" : "exit code " + process.exitValue() + words(said);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static String words(CompletableFuture<String> said) throws InterruptedException {
        try {
            String line = said.get(1, TimeUnit.SECONDS);
            return line.isEmpty() ? "" : ": " + line;
        } catch (ExecutionException | TimeoutException e) {
            return "";
        }
    }

    private static String lastLine(InputStream output) {
        try (output) {
            String text = new String(output.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
            String line = text.lines()
                    .filter(l -> !l.isBlank())
                    .reduce("", (one, next) -> next)
                    .strip();
            return line.substring(0, Math.min(MOST_SAID, line.length()));
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        rhythm.close();
    }
}
