package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.message.CopyChunk;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.RowReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection's share of the copy: takes chunks until there are none left. A large chunk is committed in steps. */
final class ChunkReader {

    private static final long COMMIT_ROWS = 50_000;
    private static final long COMMIT_BYTES = 32 << 20;
    private static final long COMMIT_NANOS = 5_000_000_000L;
    private static final long LOOK_MILLIS = 200;

    private final CopyConfig config;
    private final Connection connection;
    private final RowPublisher publisher;
    private final ChunkQueue queue;
    private final CopyLog log;
    private final Meter meter;
    private final Throttle throttle;
    private final SourceLoad load;

    /** What the open transaction holds. */
    private long rows;

    private long bytes;
    private long metered;
    private long meteredBytes;
    private long begun;

    ChunkReader(
            CopyConfig config,
            Connection connection,
            RowPublisher publisher,
            ChunkQueue queue,
            CopyLog log,
            Meter meter,
            Throttle throttle,
            SourceLoad load) {
        this.config = config;
        this.connection = connection;
        this.publisher = publisher;
        this.queue = queue;
        this.log = log;
        this.meter = meter;
        this.throttle = throttle;
        this.load = load;
    }

    void readAll() throws SQLException, InterruptedException {
        for (ChunkQueue.Taken next = queue.take(connection); next != null; next = queue.take(connection))
            read(next.part(), next.chunk());
    }

    /** On failure the query is left as it is: closing it would read the rest of its rows, and the connection goes anyway. */
    @SuppressWarnings("MustBeClosedChecker")
    private void read(Part part, CopyChunk chunk) throws SQLException, InterruptedException {
        RowReader reader = config.readerOf(part.table());
        PreparedStatement query = part.query(connection, chunk.rest(), chunk.to());
        ResultSet result = query.executeQuery();
        CopyChunk at = chunk;
        int step = throttle.step();
        begun = System.nanoTime();
        while (result.next()) {
            Row row = reader.read(result);
            bytes += publisher.send(part.table(), row);
            rows++;
            if (rows % step == 0) {
                throttle.await(step);
                meter(part);
                if (Thread.interrupted()) throw new InterruptedException();
            }
            if (isDue()) at = commit(at, part, part.boundAt(result), false);
        }
        query.close();
        throttle.await((int) (rows % step));
        commit(at, part, chunk.to(), true);
    }

    private boolean isDue() {
        return rows >= COMMIT_ROWS
                || bytes >= COMMIT_BYTES
                || (rows % 100 == 0 && (System.nanoTime() - begun > COMMIT_NANOS || load.tooMany() > 0));
    }

    private CopyChunk commit(CopyChunk chunk, Part part, @Nullable List<Value> reached, boolean done)
            throws InterruptedException {
        meter(part);
        CopyChunk after = chunk.plus(reached, rows, bytes, done);
        publisher.commit(after);
        log.committed(after);
        rows = bytes = metered = meteredBytes = 0;
        pauseWhileBusy();
        begun = System.nanoTime();
        return after;
    }

    private void meter(Part part) {
        meter.add(part.name(), rows - metered, bytes - meteredBytes);
        metered = rows;
        meteredBytes = bytes;
    }

    private void pauseWhileBusy() throws InterruptedException {
        int busy = load.tooMany();
        if (busy == 0) return;
        for (; busy > 0; busy = load.tooMany()) {
            meter.note("the database to be less busy: " + busy + " sessions are at work, copy.maxSourceSessions is "
                    + config.rules().maxSourceSessions());
            Thread.sleep(LOOK_MILLIS);
        }
        meter.note("");
    }
}
