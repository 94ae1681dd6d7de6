package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.row.CanonicalEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gathers a lane's changes and says where a batch may and must end: at the end of a source transaction, at a barrier always, and
 * anywhere among rows of the initial copy. Changes that a connector sends again are left out by their position.
 *
 * <p>Only a source transaction beyond the bound is cut inside: it would not fit into memory or one target transaction.
 */
final class BatchCutter {

    /**
     * @param rows changes after which the next possible end is taken
     * @param transaction changes of one source transaction after which it is cut inside
     */
    record Bounds(int rows, int transaction) {}

    private final Destinations tables;
    private final Barrier.Direction direction;
    private final int lane;
    private final Bounds bounds;
    private final CanonicalEncoder encoder = new CanonicalEncoder();

    private Map<String, NetChanges> net = new LinkedHashMap<>();
    private @Nullable Barrier barrier;
    private Position position;
    private long nextOffset = -1;
    private long copied;
    private long changed;
    private long bytes;
    private boolean open;
    private int openChanges;

    BatchCutter(Destinations tables, Barrier.Direction direction, int lane, Bounds bounds, Position applied) {
        this.tables = tables;
        this.direction = direction;
        this.lane = lane;
        this.bounds = bounds;
        this.position = applied;
    }

    /** Takes the change in, unless it is known already. Not to be called while the batch {@link #mustEnd}. */
    void add(Incoming incoming) {
        ChangeEvent change = incoming.change();
        nextOffset = incoming.offset() + 1;
        if (change.operation() == Operation.COMMIT) {
            open = false;
            openChanges = 0;
        } else if (change.operation() == Operation.READ) {
            copy(incoming);
        } else if (change.position().compareTo(position) > 0) {
            position = change.position();
            change(incoming);
        }
    }

    private void copy(Incoming incoming) {
        if (isBarrierTable(incoming.change())) return; // a copy of a barrier closes nothing
        take(incoming);
        copied++;
    }

    private void change(Incoming incoming) {
        Optional<Barrier> found = Barrier.in(incoming.change());
        if (found.isPresent() || isBarrierTable(incoming.change())) {
            barrier = found.filter(this::isOurs).orElse(null);
            return;
        }
        take(incoming);
        changed++;
        open = true;
        openChanges++;
    }

    private void take(Incoming incoming) {
        ChangeEvent change = incoming.change();
        net.computeIfAbsent(change.table(), id -> new NetChanges(tables.of(id), encoder))
                .add(change, incoming.deleted());
        bytes += incoming.bytes();
    }

    private static boolean isBarrierTable(ChangeEvent change) {
        return change.table().equals(Barrier.MAPPING.id());
    }

    /** The other direction's barriers are on their way home: carried back, they would go round for ever. */
    private boolean isOurs(Barrier found) {
        return found.direction() == direction && found.lane() == lane;
    }

    boolean mustEnd() {
        return barrier != null
                || openChanges >= bounds.transaction()
                || (mayEnd() && copied + changed >= bounds.rows());
    }

    /** Whether there is something to apply, and it ends where a batch may end. */
    boolean mayEnd() {
        return barrier != null || (!open && copied + changed > 0);
    }

    /** The barrier that closes the batch, once it has been read. */
    Optional<Barrier> barrier() {
        return Optional.ofNullable(barrier);
    }

    /** The batch as it stands; the next one is empty. */
    Batch end() {
        Batch batch = new Batch(nextOffset, position, List.copyOf(net.values()), barrier, copied, changed, bytes);
        net = new LinkedHashMap<>();
        copied = changed = bytes = 0;
        openChanges = 0;
        open = open && barrier == null; // a barrier is a transaction of its own
        barrier = null;
        return batch;
    }
}
