package dev.lockstep.stream.apply;

import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the rows of a table's changes that the database refuses, by halves. Every attempt is rolled back. */
final class Culprit {

    private final Sink sink;
    private final Connection connection;
    private final NetChanges changes;
    private final boolean copied;
    private final SQLException refused;

    Culprit(Sink sink, Connection connection, BatchRows.Refused refused) {
        this.sink = sink;
        this.connection = connection;
        this.changes = refused.changes();
        this.copied = refused.isOfTheCopy();
        this.refused = refused.error();
    }

    record Found(RowKey key, SQLException error) {}

    /** The largest row: who is refused for its size ends the session on some servers, so nothing can be tried. */
    Found largest() {
        Row largest =
                Collections.max(changes.upserts(), Comparator.comparingLong((Row row) -> Chunks.chars(row.values())));
        return found(largest, refused);
    }

    /** The first row whose writing fails after all before it have been written; empty if they all can be written now. */
    Optional<Found> find() throws SQLException {
        List<Row> rows = changes.upserts();
        Optional<SQLException> error = attempt(rows);
        if (error.isEmpty()) return Optional.empty();
        int passes = 0; // so many rows can be written; one more than fails - 1 cannot
        int fails = rows.size();
        while (fails - passes > 1) {
            int middle = (passes + fails) >>> 1;
            Optional<SQLException> half = attempt(rows.subList(0, middle));
            if (half.isEmpty()) passes = middle;
            else {
                fails = middle;
                error = half;
            }
        }
        if (fails == 0) return Optional.empty();
        Row refused = rows.get(fails - 1);
        return error.map(e -> found(refused, e));
    }

    /** The rows that are refused each by itself, the first so many; or the one that {@link #find} finds, if it takes several together. */
    List<Found> findAll(int most) throws SQLException {
        List<Found> found = new ArrayList<>();
        collect(changes.upserts(), found, most);
        return found.isEmpty() ? find().stream().toList() : found;
    }

    private void collect(List<Row> rows, List<Found> found, int most) throws SQLException {
        if (found.size() >= most || rows.isEmpty()) return;
        Optional<SQLException> error = attempt(rows);
        if (error.isEmpty()) return;
        if (rows.size() == 1) {
            found.add(found(rows.get(0), error.get()));
            return;
        }
        int middle = rows.size() >>> 1;
        collect(rows.subList(0, middle), found, most);
        collect(rows.subList(middle, rows.size()), found, most);
    }

    private Found found(Row row, SQLException error) {
        return new Found(new RowKey(changes.table().id(), changes.table().keyOf(row)), error);
    }

    /** A unique value that a row takes may be one that another of the changes, not among these, gives up. */
    private Optional<SQLException> attempt(List<Row> rows) throws SQLException {
        Optional<SQLException> error = attempt(rows, rows);
        boolean mayMove = error.isPresent() && !copied && SqlErrors.isUniqueViolation(error.get());
        return mayMove ? attempt(rows, changes.upserts()) : error;
    }

    private Optional<SQLException> attempt(List<Row> rows, List<Row> cleared) throws SQLException {
        try {
            if (copied) sink.replace(connection, changes.table(), rows);
            else clearAndWrite(rows, cleared);
            return Optional.empty();
        } catch (SQLException e) {
            if (SqlErrors.isTransient(e)) throw e;
            return Optional.of(e);
        } finally {
            connection.rollback();
        }
    }

    private void clearAndWrite(List<Row> rows, List<Row> cleared) throws SQLException {
        Destination table = changes.table();
        List<List<Value>> keys = changes.deletes();
        cleared.forEach(row -> keys.add(table.keyOf(row)));
        if (!keys.isEmpty()) sink.delete(connection, table, keys);
        if (!rows.isEmpty()) sink.upsert(connection, table, rows);
    }
}
