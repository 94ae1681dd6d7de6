package dev.lockstep.stream.apply;

import dev.lockstep.schemas.avro.Stage;
import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.stream.cascade.Cascades;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one lane's changes into the other database. Every change takes effect exactly once, whatever is killed and started again;
 * the database stands at the end of a source transaction at any time, and at each barrier the barrier's row is the last one written.
 *
 * <p>One thread reads, decodes and compacts while another writes what came before. Starting an applier takes its lane over: an
 * older one, wherever it runs, fails at its next transaction.
 */
public final class Applier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Applier.class);

    /** Changes of one source transaction after which it is applied in parts. */
    static final int TRANSACTION_BOUND = 50_000;

    /** What a batch may hold on the wire before it ends where it may: memory holds two, and what Kafka's client has fetched. */
    static final long BATCH_BYTES = 8 << 20;

    /** The same of one source transaction, after which it is applied in parts: its rows may be few and large. */
    static final long TRANSACTION_BYTES = 32 << 20;

    private static final Duration IDLE_POLL = Duration.ofMillis(100);
    private static final Duration BUSY_POLL = Duration.ofMillis(2);

    /** How long rows of the initial copy are gathered at most while more of them keep coming. */
    private static final Duration FILL = Duration.ofMillis(500);

    /** After so long without a turn to write, what comes meanwhile is looked at. */
    private static final Duration LOOK_AHEAD_AFTER = Duration.ofMillis(300);

    /** A batch that takes so long is worth an operator's look. */
    private static final Duration SLOW = Duration.ofSeconds(5);

    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final ApplyConfig config;
    private final Destinations tables;
    private final Cascades cascades;
    private final TargetWriter writer;
    private final ChangeReader reader;
    private final StageReporter stages;
    private final Pace pace;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch quiet = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final ExecutorService writing;
    private final Thread reading;

    private volatile Progress progress = Progress.NONE;
    private volatile @Nullable Quarantine quarantine;
    private volatile @Nullable Applied applied;
    private volatile @Nullable Instant writingSince;
    private long countedTo;
    private long capturedMicros;
    private long readRows;
    private long readBytes;
    private long lookedTo;
    private long lookedAt = System.nanoTime();

    private Applier(ApplyConfig config, boolean paused, SessionWatch.Bounds patience) {
        this.config = config;
        pace = new Pace(config.rules().maxRowsPerSecond(), paused, stopped, System::nanoTime);
        tables = new Destinations(config.tables(), config.rehearsing(), config.retired(), config.from());
        cascades = config.cascades();
        writer = new TargetWriter(config, tables, cascades, patience, stopped);
        reader = new ChangeReader(config);
        stages = new StageReporter(config);
        String name = config.direction().name().toLowerCase(Locale.ROOT) + "-" + config.lane();
        writing = Executors.newSingleThreadExecutor(task -> new Thread(task, "apply-write-" + name));
        reading = new Thread(this::run, "apply-read-" + name);
    }

    /**
     * Starts to follow the lane and returns at once; see {@link #failure} for what becomes of it.
     *
     * @throws dev.lockstep.schemas.migration.ConfigurationException if a table cannot be applied
     */
    public static Applier start(ApplyConfig config) {
        return start(config, false);
    }

    /**
     * The same.
     *
     * @param paused whether it begins as after {@link #pause}
     */
    public static Applier start(ApplyConfig config, boolean paused) {
        return start(config, paused, SessionWatch.Bounds.USUAL);
    }

    /** With another patience with a server that does not answer. */
    static Applier start(ApplyConfig config, boolean paused, SessionWatch.Bounds patience) {
        Applier applier = new Applier(config, paused, patience);
        applier.writer.watch().start();
        applier.reading.start();
        return applier;
    }

    /** What ended it, in words for an operator; empty while it works, also while it waits for a database that is away. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    public Progress progress() {
        return progress;
    }

    /** The rows that it has set aside; empty as long as it does not know, because it has not reached its database yet. */
    public Optional<DeadLetters> deadLetters() {
        return Optional.ofNullable(quarantine).map(known -> new DeadLetters(known.open(), this::between));
    }

    private DeadLetters.Outcome between(DeadLetters.Work work) throws InterruptedException {
        try {
            return writing.submit(() -> work.run(new DeadLetters.Lane(
                            Objects.requireNonNull(quarantine), writer, Objects.requireNonNull(applied))))
                    .get();
        } catch (RejectedExecutionException e) {
            throw new ApplyException("the applier has stopped", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failed ? failed : new IllegalStateException(e.getCause());
        }
    }

    /** Gives the target nothing more once the batch under way is written, until {@link #resume}. What comes meanwhile stays in Kafka. */
    public void pause() {
        pace.hold(true);
    }

    public void resume() {
        pace.hold(false);
    }

    /** What it waits for, or what an operator should look at. */
    public Optional<String> trouble() {
        Optional<String> away = writer.trouble();
        Instant since = writingSince;
        if (away.isPresent() || since == null) return away;
        Duration taken = Duration.between(since, config.clock().instant());
        return taken.compareTo(SLOW) < 0
                ? Optional.empty()
                : Optional.of("has been at one transaction for " + taken.toSeconds()
                        + " s: see whether it waits for somebody's lock there");
    }

    /**
     * Stops. A transaction under way is committed if that takes no longer than a few seconds, and rolled back if it does. When this returns
     * nothing more is written; connections may still be closing, which takes longer than writes should have to stand still.
     */
    public void halt() {
        stopped.countDown();
        reader.wakeup();
        try {
            if (!quiet.await(CLOSE.toMillis(), TimeUnit.MILLISECONDS)) writer.abort();
            quiet.await();
        } catch (InterruptedException e) {
            writer.abort();
            Thread.currentThread().interrupt();
        }
    }

    /** {@link #halt}, and whatever it has opened is closed. */
    @Override
    public void close() {
        halt();
        try {
            reading.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!isThrough()) LOG.info("begins anew where the database stands");
        } catch (InterruptedException e) {
            LOG.atDebug().addKeyValue("lane", config.lane()).log("stopped while waiting");
        } catch (Throwable e) {
            failure.set(e);
            LOG.atError()
                    .addKeyValue("lane", config.lane())
                    .setCause(e instanceof ApplyException ? null : e) // its causes quote rows
                    .log("applying has stopped: {}", e.getMessage());
        } finally {
            end();
        }
    }

    /**
     * Follows until it is stopped. It is not through where the database has gone back, rows and offset alike: a server that was killed has lost the
     * newest commits of copied rows, and one that took a server's place what had not reached it.
     */
    private boolean isThrough() throws InterruptedException {
        try {
            follow();
            return true;
        } catch (ApplyException e) {
            if (!e.isGoneBack()) throw e;
            LOG.atWarn().addKeyValue("lane", config.lane()).log(e.getMessage());
            return false;
        }
    }

    private void follow() throws InterruptedException {
        Future<Applied> last = CompletableFuture.completedFuture(takeOver());
        BatchCutter cutter = cutter(result(last).position());
        long begun = System.nanoTime();
        while (stopped.getCount() > 0) {
            List<Incoming> changes = reader.poll(last.isDone() ? IDLE_POLL : BUSY_POLL);
            changes.forEach(this::count);
            for (Incoming change : changes) {
                cutter.add(change);
                if (cutter.mustEnd()) {
                    Batch batch = cutter.end();
                    spellAhead(batch); // while the last one is being written
                    last = write(turn(last), batch);
                }
            }
            if (!last.isDone()) continue;
            Applied applied = result(last); // or its failure
            if (pace.isFree()) {
                boolean fills = cutter.isCopying() && !changes.isEmpty() && System.nanoTime() - begun < FILL.toNanos();
                if (cutter.mayEnd() && !fills) last = write(applied, cutter.end());
                if (!fills) begun = System.nanoTime();
            }
        }
    }

    /**
     * What has been applied, once the next batch may be written. Where that takes long, capture's later barriers are looked for meanwhile:
     * it is not capture that is late. What was looked at is read again.
     */
    private Applied turn(Future<Applied> last) throws InterruptedException {
        boolean looks = pace.isBounded() && System.nanoTime() - lookedAt > LOOK_AHEAD_AFTER.toNanos();
        if (!pace.await(last, looks ? Duration.ZERO : LOOK_AHEAD_AFTER)) {
            long here = reader.position();
            reader.seek(Math.max(here, lookedTo));
            do {
                reader.poll(IDLE_POLL).forEach(this::count);
            } while (!pace.await(last, Duration.ofNanos(1)));
            lookedTo = reader.position();
            lookedAt = System.nanoTime();
            reader.seek(here);
        }
        return result(last);
    }

    private Applied takeOver() throws InterruptedException {
        Applied applied = result(writing.submit(this::claim));
        if (config.rehearsing() && applied.nextOffset() == 0) reader.seekToEnd();
        else reader.seek(applied.nextOffset());
        progress = progress.startingAt(applied);
        LOG.atInfo()
                .addKeyValue("direction", config.direction())
                .addKeyValue("lane", config.lane())
                .addKeyValue("offset", applied.nextOffset())
                .addKeyValue("position", applied.position())
                .addKeyValue("epoch", applied.epoch())
                .log("applying");
        return applied;
    }

    private Applied claim() throws InterruptedException {
        Applied claimed = writer.claim();
        Quarantine opened = new Quarantine(config);
        writer.owning(claimed, lock -> opened.open(claimed.nextOffset(), lock));
        Quarantine former = quarantine;
        if (former != null) former.close();
        quarantine = opened;
        applied = claimed;
        return claimed;
    }

    private BatchCutter cutter(Position applied) {
        BatchCutter.Bounds bounds = new BatchCutter.Bounds(
                pace.step(config.batchRows()),
                TRANSACTION_BOUND,
                pace.step(config.copyRows()),
                BATCH_BYTES,
                TRANSACTION_BYTES);
        return new BatchCutter(tables, cascades, config.direction(), config.lane(), bounds, applied);
    }

    /** Not while the copy is being caught up with, which is written in another shape, nor for what memory should not hold twice. */
    private void spellAhead(Batch batch) {
        if (progress.barrierMicros() > 0 && batch.bytes() <= BATCH_BYTES) writer.spellAhead(batch);
    }

    private void count(Incoming change) {
        if (change.offset() < countedTo) return;
        countedTo = change.offset() + 1;
        boolean barrier = BatchCutter.isBarrierTable(change.table());
        if (change.operation() != Operation.COMMIT && !barrier) readRows++;
        readBytes += change.bytes();
        if (barrier)
            Barrier.in(change.change()).filter(this::isNew).ifPresent(b -> {
                capturedMicros = b.micros();
                stages.reached(Stage.CAPTURED, b.micros(), change.timestampMillis() * 1000, readRows, readBytes);
            });
    }

    private boolean isNew(Barrier barrier) {
        return barrier.direction() == config.direction()
                && !barrier.trial()
                && barrier.lane() == config.lane()
                && barrier.micros() > capturedMicros;
    }

    private Future<Applied> write(Applied before, Batch batch) {
        pace.take(batch.copiedRows() + batch.changedRows());
        return writing.submit(() -> {
            Instant begun = config.clock().instant();
            writingSince = begun;
            Applied after = writer.write(before, batch, new SetAside(Objects.requireNonNull(quarantine), batch));
            applied = after;
            Instant committed = config.clock().instant();
            writingSince = null;
            progress = progress.plus(batch, after, begun, committed);
            Barrier barrier = batch.barrier();
            if (barrier != null && !barrier.trial()) reportApplied(barrier, committed);
            return after;
        });
    }

    private void reportApplied(Barrier barrier, Instant committed) {
        long reachedMicros = Micros.of(committed);
        stages.reached(Stage.APPLIED, barrier.micros(), reachedMicros, progress.rows(), progress.bytes());
    }

    private static Applied result(Future<Applied> written) throws InterruptedException {
        try {
            return written.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException stopped) throw stopped;
            if (e.getCause() instanceof RuntimeException failed) throw failed;
            throw new IllegalStateException(e.getCause());
        }
    }

    private void end() {
        writing.shutdown();
        try {
            if (!writing.awaitTermination(CLOSE.toSeconds(), TimeUnit.SECONDS)) LOG.warn("a transaction is cut off");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.abort();
        writer.watch().close();
        quiet.countDown();
        Quarantine opened = quarantine;
        if (opened != null) opened.close();
        reader.close();
        stages.close();
    }
}
