package dev.lockstep.cutover.watch;

import dev.lockstep.cutover.operator.OperatorProcess;
import dev.lockstep.cutover.operator.OperatorProcess.How;
import dev.lockstep.schemas.migration.SoakRules.CheckRules;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs an operator's command again and again, while it is on, and counts how often in a row it has failed. */
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
        OperatorProcess.Ended ended = process.run();
        if (Thread.currentThread().isInterrupted()) return;
        String failure = failure(ended);
        int failures = failure.isEmpty() ? 0 : 1 + (before == null ? 0 : before.failures());
        if (failures > 0) LOG.warn("the check failed: times={} said={}", failures, failure);
        state = new CheckState(clock.instant(), failures, failure);
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
