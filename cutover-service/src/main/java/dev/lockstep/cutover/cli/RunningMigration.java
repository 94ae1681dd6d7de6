package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Actions;
import dev.lockstep.cutover.api.ApiServer;
import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.phase.ActObserver;
import dev.lockstep.cutover.phase.Phase;
import dev.lockstep.ingest.preflight.Finding;
import dev.lockstep.schemas.migration.Migration;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A migration that runs in this process, with its lock, its terminal view and its API. */
final class RunningMigration implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunningMigration.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Runs runs;
    private final Parts parts;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Thread runner;

    private RunningMigration(Runs runs, Parts parts) {
        this.runs = runs;
        this.parts = parts;
    }

    static RunningMigration start(Migration migration, TerminalView terminal) throws Exception {
        return start(migration, terminal, new LoggedActs());
    }

    /**
     * @param observer is told of every act of a cutover or rollback
     */
    static RunningMigration start(Migration migration, TerminalView terminal, ActObserver observer) throws Exception {
        Parts parts = new Parts();
        try {
            StateDirectory state = parts.add(StateDirectory.lock(migration.state()));
            terminal.say("looking at both databases");
            Beginning beginning = Beginning.look(migration);
            String warnings = beginning.preflight().describe(Finding.Level.WARN);
            if (!warnings.isEmpty()) terminal.say(warnings);
            terminal.say("starting; log in " + migration.state().resolve("lockstep.log"));
            Runs runs = parts.add(new Runs(migration, terminal, observer, beginning));
            String token = token();
            ApiServer api = parts.add(ApiServer.start(
                    migration.api().port(),
                    () -> runs.now().status(),
                    () -> runs.now().pipeline().lag.series(),
                    new Actions(
                            request -> runs.now().requests().cutover(request),
                            by -> runs.now().requests().rollback(by),
                            by -> runs.now().requests().finish(by),
                            () -> runs.now().requestResume(),
                            by -> runs.now().requests().pause(by),
                            new AppliedLetters(() -> runs.now().pipeline()),
                            new PipelineScans(runs::now),
                            drills -> runs.now().rehearse(drills),
                            () -> runs.now().report(),
                            () -> runs.now().pipeline().bootstrap),
                    token));
            state.publish(new StateDirectory.Api(api.url(), token));
            terminal.say("dashboard at " + api.url());
            return new RunningMigration(runs, parts);
        } catch (Exception e) {
            parts.close();
            throw e;
        }
    }

    private static String token() {
        byte[] token = new byte[24];
        new SecureRandom().nextBytes(token);
        return HexFormat.of().formatHex(token);
    }

    Phase run() throws Exception {
        runner = Thread.currentThread();
        try {
            return runs.run();
        } finally {
            ended.countDown();
        }
    }

    Status status() {
        return runs.now().status();
    }

    MigrationRun migration() {
        return runs.now();
    }

    /** Ends {@link #run} soon, from any thread. */
    void stop() {
        runs.stop();
    }

    /** A cutover under way is better brought to its end than cut off with the source fenced. */
    private void awaitEnd() {
        if (runner == null || runner == Thread.currentThread()) return;
        try {
            if (!ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) LOG.warn("stopping in the middle of a step");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) return;
        runs.stop();
        awaitEnd();
        parts.close();
    }
}
