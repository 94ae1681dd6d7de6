package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.row.CanonicalEncoder;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.stream.cascade.Cascades;
import dev.lockstep.stream.cascade.ParentChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A batch's changes as they come: compacted per table, and cut where a change has cascades. Deletes of one parent table that follow each other
 * share a cut.
 *
 * <p>A changed key is a delete and an insert, which is another thing than a row that goes and one that comes: the first takes children
 * along, or leaves them without a parent, where the second removes them. So the delete waits for the change behind it.
 */
final class Segments {

    private final Destinations tables;
    private final Cascades cascades;
    private final CanonicalEncoder encoder = new CanonicalEncoder();

    private List<Segment> closed = new ArrayList<>();
    private List<ParentChange> cascading = new ArrayList<>();
    private Map<String, NetChanges> net = new LinkedHashMap<>();
    private @Nullable Gone waiting;

    /** The table of which the open segment has nothing but deletes with cascades so far. */
    private String deleting = "";

    /** A parent that is gone, or whose key has changed. */
    private record Gone(ChangeEvent change, @Nullable RowKey key) {

        /** As binlogs number them: what becomes of one row is two places that follow each other. */
        boolean isMovedBy(ChangeEvent next) {
            Position there = change.position();
            Position here = next.position();
            return next.operation() == Operation.INSERT
                    && next.table().equals(change.table())
                    && here.equals(new Position(there.major(), there.minor(), there.index() + 1));
        }
    }

    Segments(Destinations tables, Cascades cascades) {
        this.tables = tables;
        this.cascades = cascades;
    }

    /** A row that was read anew, or is gone by then: what it did to others is for their own reading to show. */
    void addRead(ChangeEvent change, @Nullable RowKey deleted) {
        settle();
        put(change, deleted);
    }

    /**
     * A change of the log.
     *
     * @param deleted the key of a DELETE
     */
    void add(ChangeEvent change, @Nullable RowKey deleted) {
        Gone gone = waiting;
        if (gone != null && gone.isMovedBy(change)) {
            waiting = null;
            cascades.moved(gone.change, gone.key, change).ifPresent(this::cut);
            put(gone.change, gone.key);
            put(change, null);
            return;
        }
        settle();
        if (change.operation() == Operation.DELETE && cascades.isParent(change.table())) {
            waiting = new Gone(change, deleted);
            return;
        }
        cascades.of(change, deleted).ifPresent(this::cut);
        put(change, deleted);
    }

    /** Whether the last change is known to be what it seems: the batch may end. */
    boolean isSettled() {
        return waiting == null;
    }

    /** Nothing more comes that would make a delete the changing of a key. */
    void settle() {
        Gone gone = waiting;
        if (gone == null) return;
        waiting = null;
        Optional<ParentChange> cascade = cascades.of(gone.change, gone.key);
        String table = gone.change.table();
        boolean joins = deleting.equals(table);
        if (cascade.isPresent() && joins) cascading.add(cascade.get());
        else cascade.ifPresent(this::cut);
        put(gone.change, gone.key);
        if (cascade.isPresent() || joins) deleting = table;
    }

    private void cut(ParentChange change) {
        close();
        cascading.add(change);
    }

    private void put(ChangeEvent change, @Nullable RowKey deleted) {
        net.computeIfAbsent(change.table(), id -> new NetChanges(tables.of(id), encoder))
                .add(change, deleted);
        deleting = "";
    }

    private void close() {
        if (!isEmpty()) closed.add(new Segment(List.copyOf(cascading), List.copyOf(net.values())));
        cascading = new ArrayList<>();
        net = new LinkedHashMap<>();
        deleting = "";
    }

    /** Whether nothing has come since the last end. */
    boolean isEmpty() {
        return net.isEmpty() && closed.isEmpty() && waiting == null;
    }

    /** What has come, in parts; the next batch begins. */
    List<Segment> end() {
        settle();
        close();
        List<Segment> segments = List.copyOf(closed);
        closed = new ArrayList<>();
        return segments;
    }
}
