package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.row.CanonicalEncoder;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a batch leaves of one table: per key the last word, a row or its absence. As every change carries its whole row, the
 * net change needs no memory of the earlier ones: insert+update and delete+insert are upserts, insert+delete is a delete (the
 * row may be there from an attempt before). Keys are told apart by their canonical form: 1.0 and 1.00 are one key.
 */
final class NetChanges {

    /** Whether a key's row is there before the batch, going by the first change of it; after the initial copy, it is so. */
    enum Before {
        ABSENT,
        PRESENT,
        UNKNOWN
    }

    /** A key's last word. */
    record Net(List<Value> key, @Nullable Row row, Before before) {

        private Net then(Net later) {
            return new Net(later.key, later.row, before);
        }
    }

    private final Destination table;
    private final CanonicalEncoder encoder;
    private final Map<ByteBuffer, Net> byKey = new LinkedHashMap<>();
    private @Nullable List<Sink.Spelled> spelled;

    NetChanges(Destination table, CanonicalEncoder encoder) {
        this.table = table;
        this.encoder = encoder;
    }

    Destination table() {
        return table;
    }

    /**
     * @param deleted the key of a DELETE
     */
    void add(ChangeEvent change, @Nullable RowKey deleted) {
        Row after = change.after();
        if (after == null) {
            if (deleted == null) throw new ApplyException("a DELETE of table " + table.id() + " came without its key");
            put(deleted.values(), null, Before.PRESENT);
            return;
        }
        List<Value> key = table.keyOf(after);
        Row before = change.before();
        boolean moved = before != null && !table.keyOf(before).equals(key);
        if (before != null && moved) put(table.keyOf(before), null, Before.PRESENT);
        put(key, after, moved ? Before.UNKNOWN : before(change.operation()));
    }

    private static Before before(Operation operation) {
        return switch (operation) {
            case INSERT -> Before.ABSENT;
            case UPDATE -> Before.PRESENT;
            default -> Before.UNKNOWN;
        };
    }

    /** What the rows, as they are now, are for the server, once it is known. */
    @Nullable
    List<Sink.Spelled> spelled() {
        return spelled;
    }

    void spelled(List<Sink.Spelled> rows) {
        spelled = rows;
    }

    private void put(List<Value> key, @Nullable Row row, Before before) {
        ByteBuffer id = ByteBuffer.wrap(encoder.reset().values(key).toBytes());
        byKey.merge(id, new Net(key, row, before), Net::then);
    }

    /** Removes and gives what the rows with these keys, in canonical form, came to. */
    List<Net> take(Set<ByteBuffer> keys) {
        List<Net> taken = new ArrayList<>();
        for (ByteBuffer key : keys) {
            Net net = byKey.remove(key);
            if (net != null) taken.add(net);
        }
        if (!taken.isEmpty()) spelled = null;
        return taken;
    }

    /** Keys of rows that are no more, in their order. */
    List<List<Value>> deletes() {
        List<List<Value>> keys = new ArrayList<>();
        for (Net net : byKey.values()) if (net.row() == null) keys.add(net.key());
        keys.sort(KeyOrder.INSTANCE);
        return keys;
    }

    /** Rows as they are now. */
    List<Row> upserts() {
        List<Row> rows = new ArrayList<>(byKey.size());
        for (Net net : byKey.values()) if (net.row() != null) rows.add(net.row());
        return rows;
    }

    /** Those rows of which this is known, in the order of their keys. */
    List<Row> upserts(Before before) {
        List<Net> nets = new ArrayList<>();
        for (Net net : byKey.values()) if (net.row() != null && net.before() == before) nets.add(net);
        nets.sort(Comparator.comparing(Net::key, KeyOrder.INSTANCE));
        List<Row> rows = new ArrayList<>(nets.size());
        for (Net net : nets) rows.add(Objects.requireNonNull(net.row()));
        return rows;
    }
}
