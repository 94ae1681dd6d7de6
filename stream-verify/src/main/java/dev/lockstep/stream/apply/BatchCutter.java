package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.stream.cascade.Cascades;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gathers a lane's changes and says where a batch may and must end: at the end of a source transaction, at a barrier always, and
 * anywhere among rows of the initial copy. Changes that a connector sends again are left out by their position.
 *
 * <p>Only a source transaction beyond a bound is cut inside: it would not fit into memory or one target transaction.
 *
 * <p>A connector that lost its place sends the end of an older transaction again, too, while a newer one is open:
 *
 * <ol>
 *   <li>It sends transaction 1 and half of transaction 2, and dies before it has noted that.
 *   <li>Started again, it sends changes and end of transaction 1, and all of transaction 2.
 *   <li>The end of transaction 1 must not pass for that of 2, half of which is in the batch: it stands before that half's changes.
 * </ol>
 */
final class BatchCutter {

    /**
     * @param rows changes after which the next possible end is taken
     * @param transaction changes of one source transaction after which it is cut inside
     * @param copied rows of the initial copy after which the next possible end is taken
     * @param bytes of changes and rows after which the next possible end is taken
     * @param transactionBytes of one source transaction's changes after which it is cut inside
     */
    record Bounds(int rows, int transaction, int copied, long bytes, long transactionBytes) {}

    private final Segments segments;
    private final Destinations tables;
    private final Barrier.Direction direction;
    private final int lane;
    private final Bounds bounds;

    private Map<String, CopiedRows> copies = new LinkedHashMap<>();
    private @Nullable Barrier barrier;
    private Position position;
    private long nextOffset = -1;
    private long copied;
    private long changed;
    private long bytes;
    private boolean open;
    private int openChanges;
    private long openBytes;

    BatchCutter(
            Destinations tables,
            Cascades cascades,
            Barrier.Direction direction,
            int lane,
            Bounds bounds,
            Position applied) {
        this.tables = tables;
        segments = new Segments(tables, cascades);
        this.direction = direction;
        this.lane = lane;
        this.bounds = bounds;
        this.position = applied;
    }

    /** Takes the change in, unless it is known already. Not to be called while the batch {@link #mustEnd}. */
    void add(Incoming incoming) {
        nextOffset = incoming.offset() + 1;
        switch (incoming.operation()) {
            case COMMIT -> commit(incoming);
            case READ -> copy(incoming);
            default -> {
                ChangeEvent change = incoming.change();
                if (change.position().equals(Position.SNAPSHOT)) gone(incoming, change);
                else change(incoming, change);
            }
        }
    }

    private void commit(Incoming incoming) {
        if (!open || incoming.change().position().compareTo(position) < 0) return;
        open = false;
        segments.settle();
        openChanges = 0;
        openBytes = 0;
    }

    private void copy(Incoming incoming) {
        if (isBarrierTable(incoming.table())) return; // a copy of a barrier closes nothing
        if (tables.isRetired(incoming.table())) return;
        if (segments.isEmpty())
            copies.computeIfAbsent(incoming.table(), id -> new CopiedRows(tables.of(id)))
                    .add(incoming.message());
        else segments.addRead(incoming.change(), null); // behind changes, it may be of one of their rows
        copied++;
        bytes += incoming.bytes();
    }

    /** A row was read anew, and the source has it no more. */
    private void gone(Incoming incoming, ChangeEvent change) {
        if (tables.isRetired(change.table())) return;
        segments.addRead(change, incoming.deleted());
        copied++;
        bytes += incoming.bytes();
    }

    private void change(Incoming incoming, ChangeEvent change) {
        if (change.position().compareTo(position) <= 0) return;
        position = change.position();
        Optional<Barrier> found = Barrier.in(change);
        if (found.isPresent() || isBarrierTable(change.table())) {
            segments.settle();
            barrier = found.filter(this::isOurs).orElse(null);
            return;
        }
        if (!tables.isRetired(change.table())) {
            segments.add(change, incoming.deleted());
            changed++;
            bytes += incoming.bytes();
            openBytes += incoming.bytes();
        }
        open = true;
        openChanges++;
    }

    static boolean isBarrierTable(String table) {
        return table.equals(Barrier.MAPPING.id());
    }

    /** The other direction's barriers are on their way home: carried back, they would go round for ever. */
    private boolean isOurs(Barrier found) {
        return found.direction() == direction && found.lane() == lane && found.micros() > 0;
    }

    boolean mustEnd() {
        if (!segments.isSettled()) return false;
        return barrier != null
                || openChanges >= bounds.transaction()
                || openBytes >= bounds.transactionBytes()
                || (mayEnd() && (changed >= bounds.rows() || copied >= bounds.copied() || bytes >= bounds.bytes()));
    }

    /** Whether there is something to apply, and it ends where a batch may end. */
    boolean mayEnd() {
        return barrier != null || (!open && copied + changed > 0);
    }

    /** Whether it holds nothing but rows of the initial copy: there is no hurry then, and large batches are quicker. */
    boolean isCopying() {
        return copied > 0 && changed == 0 && barrier == null;
    }

    /** The barrier that closes the batch, once it has been read. */
    Optional<Barrier> barrier() {
        return Optional.ofNullable(barrier);
    }

    /** The batch as it stands; the next one is empty. */
    Batch end() {
        Batch batch = new Batch(
                nextOffset, position, List.copyOf(copies.values()), segments.end(), barrier, copied, changed, bytes);
        copies = new LinkedHashMap<>();
        copied = changed = bytes = 0;
        openChanges = 0;
        openBytes = 0;
        open = open && barrier == null; // a barrier is a transaction of its own
        barrier = null;
        return batch;
    }
}
