package dev.lockstep.ingest.snapshot;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** All readers of one view at work. They end together: what one fails on ends the others. */
final class Readers {

    private static final long ENDING_SECONDS = 30;

    private final CopyConfig config;
    private final ConsistentView view;
    private final ChunkQueue queue;
    private final CopyLog log;
    private final Meter meter;

    Readers(CopyConfig config, ConsistentView view, ChunkQueue queue, CopyLog log, Meter meter) {
        this.config = config;
        this.view = view;
        this.queue = queue;
        this.log = log;
        this.meter = meter;
    }

    void run() throws SQLException, InterruptedException {
        Throttle throttle = new Throttle(
                config.rules().maxRowsPerSecond(),
                System::nanoTime,
                wait -> TimeUnit.NANOSECONDS.sleep(wait.toNanos()));
        List<Connection> connections = view.readers();
        ExecutorService threads = Executors.newFixedThreadPool(connections.size(), task -> {
            Thread thread = new Thread(task, "copy-" + config.side().label() + "-" + config.lane());
            thread.setDaemon(true);
            return thread;
        });
        try (SourceLoad load = new SourceLoad(config)) {
            CompletionService<Object> work = new ExecutorCompletionService<>(threads);
            for (int i = 0; i < connections.size(); i++) {
                int reader = i;
                work.submit(() -> {
                    read(reader, connections.get(reader), throttle, load);
                    return this;
                });
            }
            for (int i = 0; i < connections.size(); i++) result(work);
        } finally {
            view.close(); // a reader may stand in a read of its connection, which no interrupt ends
            threads.shutdownNow();
            threads.awaitTermination(ENDING_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void read(int number, Connection connection, Throttle throttle, SourceLoad load)
            throws SQLException, InterruptedException {
        try (RowPublisher publisher = new RowPublisher(config, number)) {
            new ChunkReader(config, connection, publisher, queue, log, meter, throttle, load).readAll();
        }
    }

    private static void result(CompletionService<Object> work) throws SQLException, InterruptedException {
        try {
            work.take().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException failed) throw failed;
            if (e.getCause() instanceof InterruptedException stopped) throw stopped;
            if (e.getCause() instanceof RuntimeException failed) throw failed;
            throw new IllegalStateException(e.getCause());
        }
    }
}
