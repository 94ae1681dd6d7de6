package dev.lockstep.cutover.demo;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The application that is never told of the migration: it finds its database by name, writes at a steady rate, meets errors as
 * applications do, and keeps a ledger of what it was promised. One load at a time writes to a shop.
 */
public final class Load implements AutoCloseable {

    private static final Duration LONGEST_TRANSACTION = Duration.ofSeconds(15);

    private final LoadConfig config;
    private final Ledger ledger;
    private final Pacer pacer;
    private final ResolvedAddress address;
    private final AtomicLong tokens;
    private final List<Worker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private @Nullable SeededShop seeded;

    private Load(LoadConfig config) {
        this.config = config;
        Clock clock = config.clock();
        ledger = new Ledger(clock);
        pacer = new Pacer(config.rate(), config.catchUp(), System::nanoTime);
        address = new ResolvedAddress(config.resolver(), clock);
        // Beyond the versions of the seed and of every earlier load on the same shop.
        tokens = new AtomicLong(clock.millis() * 1000);
    }

    /** Begins to write. The database need not be there yet: until it is, the ledger collects errors. */
    public static Load start(LoadConfig config) {
        Load load = new Load(config);
        for (int i = 0; i < config.workers(); i++) load.startWorker(i);
        return load;
    }

    private void startWorker(int index) {
        Worker worker = new Worker(index, this);
        Thread thread = new Thread(worker, "shop-" + index);
        thread.setDaemon(true);
        workers.add(worker);
        threads.add(thread);
        thread.start();
    }

    /**
     * @throws IllegalStateException if no transaction was acknowledged in time; says the last error
     */
    public void awaitFirstCommit(Duration timeout) throws InterruptedException {
        if (ledger.awaitFirstCommit(timeout)) return;
        List<Ledger.Failure> failures = ledger.failures();
        throw new IllegalStateException("the load's first commit has not come within " + timeout
                + (failures.isEmpty() ? "" : "; last error: " + failures.get(failures.size() - 1)));
    }

    /** Ends every worker after its transaction, and its connection. What is unfinished after 15 seconds is cut off. Idempotent. */
    public void stop() throws InterruptedException {
        pacer.stop();
        long deadline = System.nanoTime() + LONGEST_TRANSACTION.toNanos();
        for (int i = 0; i < threads.size(); i++) {
            threads.get(i).join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            if (threads.get(i).isAlive()) workers.get(i).abort();
            threads.get(i).join();
        }
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public Ledger ledger() {
        return ledger;
    }

    Pacer pacer() {
        return pacer;
    }

    ResolvedAddress address() {
        return address;
    }

    LoadConfig config() {
        return config;
    }

    Writes nextTransaction() {
        return new Writes(tokens.incrementAndGet());
    }

    /** Read once, before the first write, so that all workers share out the same rows. */
    synchronized Shopping shopping(int worker, Sql sql) throws SQLException {
        if (seeded == null) seeded = SeededShop.read(sql);
        return new Shopping(
                seeded,
                new SeededShop.Share(worker, config.workers()),
                new Random(config.seed() * 31 + worker),
                config.clock());
    }
}
