package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.demo.Audit;
import dev.lockstep.cutover.demo.DemoDns;
import dev.lockstep.cutover.demo.DnsResolver;
import dev.lockstep.cutover.demo.Ledger;
import dev.lockstep.cutover.demo.Load;
import dev.lockstep.cutover.demo.LoadConfig;
import dev.lockstep.cutover.demo.World;
import dev.lockstep.cutover.demo.WorldConfig;
import dev.lockstep.cutover.phase.Phase;
import dev.lockstep.cutover.phase.PhaseName;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The demo: a world of its own, an application that writes in it, and the very job that `run` does. */
final class Demo {

    private static final Duration AFTER_SWITCH = Duration.ofSeconds(10);
    private static final Duration BACK_PATIENCE = Duration.ofSeconds(180);
    private static final Duration MISMATCH_PATIENCE = Duration.ofSeconds(30);
    private static final long SEED = 20_261_122;

    /**
     * @param hold how long all gates must have been open before the traffic moves
     * @param auto whether it moves without a word
     * @param back whether it moves back afterwards
     * @param corrupt whether a row of the target is changed behind Lockstep's back
     */
    record Options(
            WorldConfig.Server source,
            WorldConfig.Server target,
            long rows,
            double rate,
            Duration hold,
            boolean auto,
            boolean back,
            boolean corrupt,
            @Nullable Path report) {}

    private final Options options;
    private final TerminalView terminal;
    private final Parts parts = new Parts();
    private volatile @Nullable Status following;
    private volatile @Nullable Status onTarget;

    private Demo(Options options, TerminalView terminal) {
        this.options = options;
        this.terminal = terminal;
    }

    /**
     * @return the exit code
     */
    static int run(Options options, TerminalView terminal) throws Exception {
        Demo demo = new Demo(options, terminal);
        Thread hook = new Thread(demo.parts::close, "demo-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return demo.run();
        } finally {
            demo.parts.close();
        }
    }

    private int run() throws Exception {
        Path directory = parts.directory(Files.createTempDirectory(
                "lockstep-demo-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
        Logs.to(directory.resolve("lockstep.log"));
        terminal.say("starting two databases, a name server and a shop of " + options.rows() + " rows");
        World world = parts.add(World.start(
                new WorldConfig(options.source(), options.target(), directory.resolve("world"), options.rows(), SEED)));
        String secret = tsigSecret();
        DemoDns dns = parts.add(DemoDns.start(
                DemoMigration.ZONE,
                DemoMigration.KEY,
                secret,
                List.of(DemoMigration.NAME + ". " + DemoMigration.TTL_SECONDS + " IN A " + world.sourceAddress())));
        Path key = Files.writeString(directory.resolve("tsig.secret"), secret);
        Path file =
                DemoMigration.write(directory, world, dns, key, options.hold(), options.auto() || options.corrupt());

        Load load = parts.add(Load.start(LoadConfig.of(
                new DnsResolver(DemoMigration.NAME, "127.0.0.1", dns.port()), world.destinations(), options.rate())));
        load.awaitFirstCommit(Duration.ofSeconds(30));
        terminal.say("the application writes " + Math.round(options.rate()) + " transactions a second to "
                + DemoMigration.NAME);

        Migration migration = MigrationFile.load(file);
        RunningMigration running = parts.add(RunningMigration.start(migration, terminal));
        if (options.corrupt()) corrupted(running, world);
        else moved(running);
        return finish(running, load, world);
    }

    /** Waits for the cutover, lets the application go on, and takes the traffic back if that is wanted. */
    private void moved(RunningMigration running) throws Exception {
        CompletableFuture<Phase> end = inBackground(running);
        if (!options.auto()) Ask.whenReady(terminal, running, end);
        await(running, end, status -> status.cutover() != null);
        if (onTarget == null) return; // stopped before
        terminal.say("the traffic has moved; the application goes on for " + AFTER_SWITCH.toSeconds() + " s");
        Instant until = Instant.now().plus(AFTER_SWITCH);
        await(running, end, status -> isLate(until));
        if (options.back()) back(running, end);
    }

    private void back(RunningMigration running, CompletableFuture<Phase> end) throws Exception {
        Instant deadline = Instant.now().plus(BACK_PATIENCE);
        terminal.say("moving the traffic back");
        await(running, end, status -> isLate(deadline) || isBack(status) || isAskedBack(running, status));
        if (!isBack(running.status()))
            terminal.say("it has not moved back: " + running.status().awaited());
        Instant until = Instant.now().plus(AFTER_SWITCH);
        await(running, end, status -> isLate(until));
    }

    /** Asks as often as the way back is closed, or a try is given up. */
    private static boolean isAskedBack(RunningMigration running, Status status) {
        if (status.phase().equals(PhaseName.SOAKING.name()))
            running.migration().requests().rollback("the demo");
        return false;
    }

    private static boolean isLate(Instant deadline) {
        return Instant.now().isAfter(deadline);
    }

    private static boolean isBack(Status status) {
        return DemoReport.wentBack(status).isPresent();
    }

    /** Follows until everything is proven, spoils a row, and sees whether it is named and the traffic stays. */
    private void corrupted(RunningMigration running, World world) throws Exception {
        CompletableFuture<Phase> end = inBackground(running);
        awaitGatesOpen(running, end);
        World.Corruption corruption;
        try (Connection target = world.target().connectWriter()) {
            corruption = World.corrupt(target);
        }
        Instant spoiled = Instant.now();
        terminal.say("changed row " + corruption.key() + " of " + corruption.table()
                + " on the target behind Lockstep's back");
        terminal.say(named(running, corruption, spoiled));
        Instant until = Instant.now().plus(options.hold());
        while (!end.isDone() && Instant.now().isBefore(until)) Thread.sleep(200);
        running.stop();
        await(running, end, status -> end.isDone());
    }

    private static void awaitGatesOpen(RunningMigration running, CompletableFuture<Phase> end)
            throws InterruptedException {
        while (!end.isDone()) {
            List<String> open = running.status().gates().stream()
                    .filter(gate -> gate.state().equals("OPEN"))
                    .map(Status.Gate::rule)
                    .toList();
            if (open.containsAll(List.of("provenLag", "proof"))) return;
            Thread.sleep(100);
        }
    }

    private static String named(RunningMigration running, World.Corruption corruption, Instant spoiled)
            throws InterruptedException {
        Instant deadline = spoiled.plus(MISMATCH_PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            Optional<Status.MismatchStatus> found = running.status().mismatches().stream()
                    .filter(m -> m.table().equals(corruption.table()) && m.key().equals(corruption.key()))
                    .findFirst();
            if (found.isPresent())
                return String.format(
                        "Lockstep named it after %.1f s: %s %s %s",
                        Duration.between(spoiled, Instant.now()).toMillis() / 1000.0,
                        found.get().kind(),
                        found.get().table(),
                        found.get().key());
            Thread.sleep(50);
        }
        return "Lockstep did NOT name it within " + MISMATCH_PATIENCE.toSeconds() + " s";
    }

    private static CompletableFuture<Phase> inBackground(RunningMigration running) {
        CompletableFuture<Phase> end = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        end.complete(running.run());
                    } catch (Throwable e) {
                        end.completeExceptionally(e);
                    }
                },
                "migration");
        thread.setDaemon(true);
        thread.start();
        return end;
    }

    /**
     * Waits for the migration's end, or until it has come so far. Keeps the last status of FOLLOWING before the cutover, what it was decided on,
     * and the last of it on the target.
     */
    private void await(RunningMigration running, CompletableFuture<Phase> end, Predicate<Status> enough)
            throws Exception {
        Status status = running.status();
        while (!end.isDone() && !enough.test(status)) {
            if (status.phase().equals(PhaseName.FOLLOWING.name()) && onTarget == null) following = status;
            if (status.cutover() != null) onTarget = status;
            Thread.sleep(100);
            status = running.status();
        }
        if (status.cutover() != null) onTarget = status;
        if (!end.isCompletedExceptionally()) return;
        try {
            end.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception failure) throw failure;
            throw e;
        }
    }

    private int finish(RunningMigration running, Load load, World world) throws Exception {
        load.stop();
        Ledger ledger = load.ledger();
        Status end = running.status();
        Status before = following == null ? end : following;
        Audit audit = onTarget == null ? null : audit(ledger, isBack(end) ? world.source() : world.target());
        DemoReport report = new DemoReport(
                before,
                end,
                onTarget,
                options.back(),
                ledger.acknowledged(),
                ledger.errors(),
                audit,
                ledger.switches());
        if (options.report() != null) report.write(options.report());
        summary(report).forEach(terminal::say);
        return report.passed() ? 0 : 1;
    }

    private static Audit audit(Ledger ledger, Endpoint side) throws Exception {
        try (Connection connection = side.connect()) {
            return ledger.audit(connection, side.dialect());
        }
    }

    private List<String> summary(DemoReport report) {
        Audit audit = report.audit();
        Status.Cutover cutover = report.cutover();
        if (audit == null || cutover == null)
            return List.of(
                    "not moved: " + report.end().awaited(),
                    report.end().proof().mismatches() + " rows differ; the application still writes on the source");
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                "writes    %,d acknowledged, %,d errors, %,d lost",
                audit.acknowledged(), audit.errors(), audit.lost()));
        lines.add(String.format(
                "pause     %s ms of writes, %s ms seen by the application",
                cutover.writePauseMillis(), millis(report.clientPause(0))));
        report.wentBack()
                .ifPresent(back -> lines.add("back      " + back.reason() + ", " + millis(report.clientPause(1))
                        + " ms seen by the application"));
        String side = report.wentBack().isPresent() ? "source" : "target";
        lines.add(
                report.passed() ? "PASSED: every write that the application was promised is on the " + side : "FAILED");
        return lines;
    }

    private static String millis(@Nullable Duration duration) {
        return duration == null ? "?" : Long.toString(duration.toMillis());
    }

    private static String tsigSecret() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return Base64.getEncoder().encodeToString(secret);
    }
}
