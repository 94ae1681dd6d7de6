package dev.lockstep.stream.scan;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.KeyRange;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Where ranges end, one after the other, each looked for on a connection of its own while the range before it is compared. */
final class Bounds implements AutoCloseable {

    private final SideTable source;
    private final long rows;
    private final Sides sides;
    private final ExecutorService ahead = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "scan-bounds");
        thread.setDaemon(true);
        return thread;
    });

    private @Nullable Future<Optional<List<Value>>> next;

    /**
     * @param rows to a range; 0: the table is one
     * @param from behind which the first one begins; null: from the first row
     */
    Bounds(Migration migration, SideTable source, long rows, @Nullable List<Value> from) {
        this.source = source;
        this.rows = rows;
        sides = new Sides(migration);
        next = lookBehind(from);
    }

    private Future<Optional<List<Value>>> lookBehind(@Nullable List<Value> from) {
        if (rows == 0) return CompletableFuture.completedFuture(Optional.empty());
        return ahead.submit(
                () -> sides.one(Side.SOURCE, connection -> source.bound(connection, KeyRange.behind(from), rows)));
    }

    /** The end of the next range; empty: it is the last one. Not to be called after that. */
    Optional<List<Value>> next() throws SQLException, InterruptedException {
        Future<Optional<List<Value>>> looked = next;
        if (looked == null) throw new IllegalStateException("there is no range behind the last one");
        try {
            Optional<List<Value>> bound = looked.get();
            next = bound.map(this::lookBehind).orElse(null);
            return bound;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException lost) throw lost;
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        ahead.shutdownNow();
        sides.close();
    }
}
