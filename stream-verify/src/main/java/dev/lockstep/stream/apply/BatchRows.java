package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.stream.apply.NetChanges.Before;
import dev.lockstep.stream.cascade.CascadeWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a batch's rows through a sink: the copied ones, then of each segment its cascades, all deletes, and the upserts table by table; the
 * barrier last.
 */
final class BatchRows {

    private static final Logger LOG = LoggerFactory.getLogger(BatchRows.class);

    private final Sink sink;
    private final Destinations tables;
    private final CascadeWriter cascades;

    BatchRows(Sink sink, Destinations tables, CascadeWriter cascades) {
        this.sink = sink;
        this.tables = tables;
        this.cascades = cascades;
    }

    /** A table's part of a batch was refused. The transaction is to be rolled back. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        private final transient NetChanges changes;
        private final boolean copied;
        private final SQLException error;

        Refused(NetChanges changes, boolean copied, SQLException error) {
            super(error);
            this.changes = changes;
            this.copied = copied;
            this.error = error;
        }

        /** Whether it was rows of the initial copy. */
        boolean isOfTheCopy() {
            return copied;
        }

        NetChanges changes() {
            return changes;
        }

        SQLException error() {
            return error;
        }
    }

    /**
     * How much is expected to stand in a batch's way.
     *
     * @param catchingUp whether copied rows may be newer than the changes: until the first barrier, which comes behind the copy's end. A
     *     row that holds a unique value of a change is then from the future, and will come again
     * @param replace whether rows of the initial copy may be there already, or others that hold their unique values
     * @param clear whether the rows that changes write are removed first, so that a unique value may move between them
     */
    record Care(boolean catchingUp, boolean replace, boolean clear) {

        static Care none(boolean catchingUp) {
            return new Care(catchingUp, false, false);
        }

        /** What to try next; empty where more care would not help. */
        Optional<Care> after(Refused refused) {
            if (refused.isOfTheCopy())
                return replace ? Optional.empty() : Optional.of(new Care(catchingUp, true, clear));
            boolean helps = !clear && SqlErrors.isUniqueViolation(refused.error());
            return helps ? Optional.of(new Care(catchingUp, replace, true)) : Optional.empty();
        }
    }

    void write(Connection connection, Batch batch, Care care) throws Refused, SQLException {
        for (CopiedRows rows : batch.copies()) copy(connection, rows, care.replace());
        for (Segment segment : batch.segments()) write(connection, segment, care);
        Barrier barrier = batch.barrier();
        if (barrier != null) sink.upsert(connection, tables.barrier(), List.of(row(barrier)));
    }

    private void write(Connection connection, Segment segment, Care care) throws Refused, SQLException {
        cascades.write(connection, segment.cascading(), care.catchingUp());
        for (NetChanges changes : segment.tables()) attempt(changes, () -> delete(connection, changes, care.clear()));
        for (NetChanges changes : segment.tables()) attempt(changes, () -> write(connection, changes, care));
    }

    private void copy(Connection connection, CopiedRows rows, boolean replace) throws Refused, SQLException {
        try {
            if (replace) sink.replace(connection, rows.table(), rows.net().upserts());
            else sink.copy(connection, rows.table(), rows);
        } catch (SQLException e) {
            if (SqlErrors.isTransient(e)) throw e;
            throw new Refused(rows.net(), true, e);
        }
    }

    private void delete(Connection connection, NetChanges changes, boolean clear) throws SQLException {
        List<List<Value>> keys = changes.deletes();
        if (clear) for (Row row : changes.upserts()) keys.add(changes.table().keyOf(row));
        if (!keys.isEmpty()) sink.delete(connection, changes.table(), keys);
    }

    private void write(Connection connection, NetChanges changes, Care care) throws SQLException {
        if (!care.clear() && !care.catchingUp()) {
            writeAsExpected(connection, changes);
            return;
        }
        List<Row> rows = changes.upserts();
        if (rows.isEmpty()) return;
        if (care.clear() && care.catchingUp()) sink.replace(connection, changes.table(), rows);
        else sink.upsert(connection, changes.table(), rows);
    }

    /** Quicker than upserts of them all; where a row is there or not there against the log's word, it still becomes what it should be. */
    private void writeAsExpected(Connection connection, NetChanges changes) throws SQLException {
        List<Sink.Spelled> ahead = changes.spelled();
        for (Sink.Spelled rows : ahead == null ? spell(changes) : ahead) rows.write(connection);
    }

    /** Prepares the writing of a batch, while another one is being written. What is refused here is found again when it is written. */
    void spellAhead(Batch batch) {
        try {
            for (NetChanges changes : batch.tables()) changes.spelled(spell(changes));
        } catch (SQLException e) {
            LOG.debug("left to the writer: {}", e.getMessage());
        }
    }

    private List<Sink.Spelled> spell(NetChanges changes) throws SQLException {
        Destination table = changes.table();
        List<Sink.Spelled> spelled = new ArrayList<>();
        List<Row> present = changes.upserts(Before.PRESENT);
        if (!present.isEmpty()) spelled.add(sink.spellUpdate(table, present));
        List<Row> unknown = changes.upserts(Before.UNKNOWN);
        if (!unknown.isEmpty()) spelled.add(connection -> sink.upsert(connection, table, unknown));
        List<Row> absent = changes.upserts(Before.ABSENT);
        if (!absent.isEmpty()) spelled.add(sink.spellInsert(table, absent));
        return spelled;
    }

    private interface Writing {
        void run() throws SQLException;
    }

    private static void attempt(NetChanges changes, Writing writing) throws Refused, SQLException {
        try {
            writing.run();
        } catch (SQLException e) {
            if (SqlErrors.isTransient(e)) throw e;
            throw new Refused(changes, false, e);
        }
    }

    private static Row row(Barrier barrier) {
        return new Row(List.of(
                new Value.Text(barrier.row()), new Value.Whole(barrier.lane()), new Value.Whole(barrier.micros())));
    }
}
