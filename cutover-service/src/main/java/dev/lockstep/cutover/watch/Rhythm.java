package dev.lockstep.cutover.watch;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Does something again and again on a thread of its own, while it is on. */
final class Rhythm implements AutoCloseable {

    private final ScheduledExecutorService thread;
    private final Runnable beat;
    private volatile boolean on;

    Rhythm(String name, Duration every, Runnable beat) {
        this.beat = beat;
        thread = Executors.newSingleThreadScheduledExecutor(runnable -> {
            Thread daemon = new Thread(runnable, name);
            daemon.setDaemon(true);
            return daemon;
        });
        thread.scheduleAtFixedRate(this::tick, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    }

    void on(boolean wanted) {
        on = wanted;
    }

    private void tick() {
        if (on) beat.run();
    }

    @Override
    public void close() {
        on = false;
        thread.shutdownNow();
    }
}
