package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What of one batch is left out: rows that are set aside already, and those that turn out to be refused. */
final class SetAside {

    private static final String BEHIND = "an earlier change of this row was refused";

    private final Quarantine quarantine;
    private final Batch batch;
    private final Map<RowKey, LetterTopic.Entry> letters = new LinkedHashMap<>();
    private int refused;

    /** Takes the rows that are set aside out of the batch. */
    SetAside(Quarantine quarantine, Batch batch) {
        this.quarantine = quarantine;
        this.batch = batch;
        if (quarantine.isEmpty()) return;
        for (CopiedRows rows : batch.copies())
            take(rows, quarantine.keys(rows.table().id()), "", BEHIND);
        for (NetChanges changes : batch.tables())
            take(changes, quarantine.keys(changes.table().id()), "", BEHIND);
    }

    /** How many more refused rows may be left out. */
    int room() {
        return Math.max(0, quarantine.room() - refused);
    }

    /** Why a refused row may not be left out, if it is for their number. */
    String bound() {
        return quarantine.isBounded() && room() == 0
                ? " (" + quarantine.size() + " rows are set aside already, so this is no matter of single rows)"
                : "";
    }

    /**
     * Takes out a row that was refused.
     *
     * @return false if it may not be left out
     */
    boolean take(RowKey key, SQLException error) {
        if (room() <= 0 || !SqlErrors.isOfTheRow(error)) return false;
        refused++;
        Set<ByteBuffer> id = Set.of(LetterBook.id(key.values()));
        String state = SqlErrors.state(error);
        String reason = SqlErrors.message(error) + "; " + SqlErrors.remedy(error);
        for (CopiedRows rows : batch.copies()) if (rows.table().id().equals(key.table())) take(rows, id, state, reason);
        for (NetChanges changes : batch.tables())
            if (changes.table().id().equals(key.table())) take(changes, id, state, reason);
        return true;
    }

    private void take(CopiedRows rows, Set<ByteBuffer> ids, String state, String reason) {
        if (ids.isEmpty()) return;
        for (Row row : rows.take(ids)) add(rows.table(), rows.table().keyOf(row), Operation.READ, row, state, reason);
    }

    private void take(NetChanges changes, Set<ByteBuffer> ids, String state, String reason) {
        for (NetChanges.Net net : changes.take(ids))
            add(
                    changes.table(),
                    net.key(),
                    net.row() == null ? Operation.DELETE : Operation.UPDATE,
                    net.row(),
                    state,
                    reason);
    }

    private void add(
            Destination table, List<Value> key, Operation operation, @Nullable Row row, String state, String reason) {
        Position position = operation == Operation.READ ? Position.SNAPSHOT : batch.position();
        ChangeEvent change = new ChangeEvent(table.id(), operation, null, row, position, null);
        RowKey id = new RowKey(table.id(), key);
        letters.put(id, new LetterTopic.Entry(id, quarantine.letter(change, state, reason, batch.nextOffset())));
    }

    /**
     * To be called before the batch's transaction commits, at each attempt, while the lane's row is locked.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka does not take them; the next attempt finds out what it has
     */
    void publish(Applied before, Quarantine.Confirmation lock) throws SQLException {
        if (letters.isEmpty()) return;
        quarantine.open(before.nextOffset(), lock);
        quarantine.publish(List.copyOf(letters.values()));
        refused = 0; // the quarantine counts them from here on
    }
}
