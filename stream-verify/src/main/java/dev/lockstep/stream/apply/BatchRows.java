package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Writes a batch's rows through a sink: all deletes, then the upserts table by table, the barrier last. */
final class BatchRows {

    private final Sink sink;
    private final Destinations tables;

    BatchRows(Sink sink, Destinations tables) {
        this.sink = sink;
        this.tables = tables;
    }

    /** A table's part of a batch was refused. The transaction is to be rolled back. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        private final transient NetChanges changes;
        private final SQLException error;

        Refused(NetChanges changes, SQLException error) {
            super(error);
            this.changes = changes;
            this.error = error;
        }

        NetChanges changes() {
            return changes;
        }

        SQLException error() {
            return error;
        }
    }

    /**
     * @param clear whether the rows that are written are removed first, so that a unique value may move between them
     */
    void write(Connection connection, Batch batch, boolean clear) throws Refused, SQLException {
        for (NetChanges changes : batch.tables()) attempt(changes, () -> delete(connection, changes, clear));
        for (NetChanges changes : batch.tables())
            attempt(changes, () -> upsert(connection, changes.table(), changes.upserts()));
        Barrier barrier = batch.barrier();
        if (barrier != null) sink.upsert(connection, tables.barrier(), List.of(row(barrier)));
    }

    private void delete(Connection connection, NetChanges changes, boolean clear) throws SQLException {
        List<List<Value>> keys = changes.deletes();
        if (clear) for (Row row : changes.upserts()) keys.add(changes.table().keyOf(row));
        if (!keys.isEmpty()) sink.delete(connection, changes.table(), keys);
    }

    private void upsert(Connection connection, Destination table, List<Row> rows) throws SQLException {
        if (!rows.isEmpty()) sink.upsert(connection, table, rows);
    }

    private interface Writing {
        void run() throws SQLException;
    }

    private static void attempt(NetChanges changes, Writing writing) throws Refused, SQLException {
        try {
            writing.run();
        } catch (SQLException e) {
            if (SqlErrors.isTransient(e)) throw e;
            throw new Refused(changes, e);
        }
    }

    private static Row row(Barrier barrier) {
        return new Row(List.of(
                new Value.Text(barrier.direction().name()),
                new Value.Whole(barrier.lane()),
                new Value.Whole(barrier.micros())));
    }
}
