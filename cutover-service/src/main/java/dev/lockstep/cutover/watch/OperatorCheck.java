package dev.lockstep.cutover.watch;

import dev.lockstep.cutover.operator.OperatorProcess;
import dev.lockstep.cutover.operator.OperatorProcess.How;
import dev.lockstep.schemas.migration.SoakRules.CheckRules;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs an operator's command again and again, while it is on, and keeps how its newest runs went. */
public final class OperatorCheck implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorCheck.class);

    private final OperatorProcess process;
    private final Clock clock;
    private final Rhythm rhythm;
    private volatile @Nullable CheckState state;

    private OperatorCheck(CheckRules rules, Clock clock) {
        process = new OperatorProcess(rules.command(), rules.timeout());
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
        long begun = System.nanoTime();
        OperatorProcess.Ended ended = process.run();
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        if (Thread.currentThread().isInterrupted()) return;
        CheckState after = CheckState.after(before, clock.instant(), failure(ended), took);
        if (after.failures() > 0) LOG.warn("the check failed: times={} said={}", after.failures(), after.said());
        state = after;
    }

    /** Why it failed; empty: it passed. */
    private static String failure(OperatorProcess.Ended ended) {
        if (ended.how() != How.EXITED) return ended.said();
        if (ended.code() == 0) return "";
        return "exit code " + ended.code() + (ended.said().isEmpty() ? "" : ": " + ended.said());
    }

    @Override
    public void close() {
        rhythm.close();
    }
}
