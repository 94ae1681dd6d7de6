package dev.lockstep.stream.apply;

import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Finds the row of a table's changes that the database refuses, by halves. Every attempt is rolled back. */
final class Culprit {

    private final Sink sink;
    private final Connection connection;
    private final NetChanges changes;
    private final boolean copied;

    Culprit(Sink sink, Connection connection, BatchRows.Refused refused) {
        this.sink = sink;
        this.connection = connection;
        this.changes = refused.changes();
        this.copied = refused.isOfTheCopy();
    }

    record Found(RowKey key, SQLException error) {}

    /** The first row whose writing fails after all before it have been written; empty if they all can be written now. */
    Optional<Found> find() throws SQLException {
        List<Row> rows = changes.upserts();
        Optional<SQLException> error = attempt(rows, rows.size());
        if (error.isEmpty()) return Optional.empty();
        int passes = 0; // so many rows can be written; one more than fails - 1 cannot
        int fails = rows.size();
        while (fails - passes > 1) {
            int middle = (passes + fails) >>> 1;
            Optional<SQLException> half = attempt(rows, middle);
            if (half.isEmpty()) passes = middle;
            else {
                fails = middle;
                error = half;
            }
        }
        if (fails == 0) return Optional.empty();
        List<Value> key = changes.table().keyOf(rows.get(fails - 1));
        return error.map(e -> new Found(new RowKey(changes.table().id(), key), e));
    }

    private Optional<SQLException> attempt(List<Row> rows, int count) throws SQLException {
        try {
            if (copied) sink.replace(connection, changes.table(), rows.subList(0, count));
            else clearAndWrite(rows, count);
            return Optional.empty();
        } catch (SQLException e) {
            if (SqlErrors.isTransient(e)) throw e;
            return Optional.of(e);
        } finally {
            connection.rollback();
        }
    }

    private void clearAndWrite(List<Row> rows, int count) throws SQLException {
        Destination table = changes.table();
        List<List<Value>> keys = changes.deletes();
        rows.forEach(row -> keys.add(table.keyOf(row)));
        if (!keys.isEmpty()) sink.delete(connection, table, keys);
        if (count > 0) sink.upsert(connection, table, rows.subList(0, count));
    }
}
