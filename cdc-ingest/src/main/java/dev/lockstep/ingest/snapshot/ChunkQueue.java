package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.message.CopyChunk;
import dev.lockstep.schemas.row.Value;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hands out the chunks that are still to be copied: first those that were begun, then new ones as they are asked for. Thread-safe. */
final class ChunkQueue {

    /** A chunk and what it is a chunk of. */
    record Taken(Part part, CopyChunk chunk) {}

    /** Where a part's next chunk begins. */
    private record Cursor(Part part, int number, @Nullable List<Value> from) {}

    private final CopyLog log;
    private final Deque<Taken> begun = new ArrayDeque<>();
    private final Deque<Cursor> cursors = new ArrayDeque<>();

    ChunkQueue(List<Part> parts, CopyLog log) {
        this.log = log;
        for (Part part : parts) resume(part);
    }

    private void resume(Part part) {
        List<CopyChunk> known = log.chunks().stream()
                .filter(chunk ->
                        chunk.part().equals(part.name()) && chunk.storage().equals(part.storage()))
                .toList();
        known.stream().filter(chunk -> !chunk.done()).forEach(chunk -> begun.add(new Taken(part, rest(chunk))));
        Optional<CopyChunk> last = known.stream().max(Comparator.comparingInt(CopyChunk::number));
        if (last.isEmpty()) cursors.add(new Cursor(part, 0, null));
        else if (last.get().to() != null)
            cursors.add(new Cursor(part, last.get().number() + 1, last.get().to()));
    }

    /** What came in no order is copied anew as a whole: a row that comes twice is the same row. */
    private static CopyChunk rest(CopyChunk chunk) {
        return chunk.reached() != null
                ? chunk
                : CopyChunk.planned(chunk.part(), chunk.number(), chunk.storage(), chunk.from(), chunk.to());
    }

    /** The next chunk, or null where there is none left. */
    synchronized @Nullable Taken take(Connection reader) throws SQLException {
        Taken unfinished = begun.poll();
        if (unfinished != null) return unfinished;
        Cursor cursor = cursors.poll();
        if (cursor == null) return null;
        Part part = cursor.part();
        List<Value> to = part.nextBound(reader, cursor.from());
        CopyChunk chunk = CopyChunk.planned(part.name(), cursor.number(), part.storage(), cursor.from(), to);
        if (to != null) {
            log.planned(chunk);
            cursors.addFirst(new Cursor(part, cursor.number() + 1, to));
        }
        return new Taken(part, chunk);
    }
}
