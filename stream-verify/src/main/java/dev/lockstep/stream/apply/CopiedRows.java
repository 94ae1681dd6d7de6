package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.row.CanonicalEncoder;
import dev.lockstep.schemas.row.Row;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * A batch's rows of the initial copy of one table. They stay as they came and are decoded one at a time, as they are written: tens
 * of thousands of decoded rows would live long enough to cost more than their decoding.
 */
final class CopiedRows implements Iterable<Row> {

    private final Destination table;
    private final List<byte[]> messages = new ArrayList<>();

    CopiedRows(Destination table) {
        this.table = table;
    }

    Destination table() {
        return table;
    }

    void add(byte[] message) {
        messages.add(message);
    }

    int size() {
        return messages.size();
    }

    @Override
    public Iterator<Row> iterator() {
        return messages.stream()
                .map(message -> row(Messages.decodeChange(message)))
                .iterator();
    }

    private static Row row(ChangeEvent change) {
        Row after = change.after();
        if (after == null)
            throw new ApplyException("a copied row of table " + change.table() + " came without its values");
        return after;
    }

    /** Removes and gives the rows with these keys, in canonical form. */
    List<Row> take(Set<ByteBuffer> keys) {
        List<Row> taken = new ArrayList<>();
        messages.removeIf(message -> {
            Row row = row(Messages.decodeChange(message));
            return keys.contains(LetterBook.id(table.keyOf(row))) && taken.add(row);
        });
        return taken;
    }

    /** The last row of each key. A reader that was killed may send a row twice, in one batch too. */
    NetChanges net() {
        NetChanges net = new NetChanges(table, new CanonicalEncoder());
        for (byte[] message : messages) net.add(Messages.decodeChange(message), null);
        return net;
    }
}
