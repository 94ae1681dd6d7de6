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
import java.util.function.Function;

/** Finds the rows of a table's changes that the database refuses, by halves. Every attempt is rolled back. */
final class Culprit {

    private final Sink sink;
    private final Connection connection;
    private final NetChanges changes;
    private final boolean copied;
    private final boolean catchingUp;
    private final SQLException refused;

    /**
     * @param catchingUp whether rows that hold a unique value of a change are in nobody's way, as {@link BatchRows.Care} says
     */
    Culprit(Sink sink, Connection connection, BatchRows.Refused refused, boolean catchingUp) {
        this.sink = sink;
        this.connection = connection;
        this.changes = refused.changes();
        this.copied = refused.isOfTheCopy();
        this.catchingUp = catchingUp;
        this.refused = refused.error();
    }

    record Found(RowKey key, SQLException error) {}

    /** Tries some of the changes, and says why they were refused. */
    private interface Trial<T> {
        Optional<SQLException> of(List<T> some) throws SQLException;
    }

    /** The largest row: who is refused for its size ends the session on some servers, so nothing can be tried. */
    Found largest() {
        Row largest =
                Collections.max(changes.upserts(), Comparator.comparingLong((Row row) -> Chunks.chars(row.values())));
        return found(changes.table().keyOf(largest), refused);
    }

    /**
     * The first row whose deleting fails after all before it have been deleted, or else whose writing fails after all before it have been written;
     * empty if they all can be now.
     */
    Optional<Found> find() throws SQLException {
        Optional<Found> deleted = first(changes.deletes(), this::delete, key -> key);
        return deleted.isPresent() ? deleted : first(changes.upserts(), this::attempt, changes.table()::keyOf);
    }

    private <T> Optional<Found> first(List<T> all, Trial<T> trial, Function<T, List<Value>> key) throws SQLException {
        Optional<SQLException> error = all.isEmpty() ? Optional.empty() : trial.of(all);
        if (error.isEmpty()) return Optional.empty();
        int passes = 0; // so many pass; one more than fails - 1 does not
        int fails = all.size();
        while (fails - passes > 1) {
            int middle = (passes + fails) >>> 1;
            Optional<SQLException> half = trial.of(all.subList(0, middle));
            if (half.isEmpty()) passes = middle;
            else {
                fails = middle;
                error = half;
            }
        }
        List<Value> refused = key.apply(all.get(fails - 1));
        return error.map(e -> found(refused, e));
    }

    /** The rows that are refused each by itself, the first so many; or the one that {@link #find} finds, if it takes several together. */
    List<Found> findAll(int most) throws SQLException {
        List<Found> found = new ArrayList<>();
        collect(changes.deletes(), this::delete, key -> key, found, most);
        if (found.isEmpty()) collect(changes.upserts(), this::attempt, changes.table()::keyOf, found, most);
        return found.isEmpty() ? find().stream().toList() : found;
    }

    private <T> void collect(List<T> some, Trial<T> trial, Function<T, List<Value>> key, List<Found> found, int most)
            throws SQLException {
        if (found.size() >= most || some.isEmpty()) return;
        Optional<SQLException> error = trial.of(some);
        if (error.isEmpty()) return;
        if (some.size() == 1) {
            found.add(found(key.apply(some.get(0)), error.get()));
            return;
        }
        int middle = some.size() >>> 1;
        collect(some.subList(0, middle), trial, key, found, most);
        collect(some.subList(middle, some.size()), trial, key, found, most);
    }

    private Found found(List<Value> key, SQLException error) {
        return new Found(new RowKey(changes.table().id(), key), error);
    }

    private Optional<SQLException> delete(List<List<Value>> keys) throws SQLException {
        return attempt(() -> sink.delete(connection, changes.table(), keys));
    }

    /** A unique value that a row takes may be one that another of the changes, not among these, gives up. */
    private Optional<SQLException> attempt(List<Row> rows) throws SQLException {
        Optional<SQLException> error = attempt(rows, rows);
        boolean mayMove = error.isPresent() && !copied && SqlErrors.isUniqueViolation(error.get());
        return mayMove ? attempt(rows, changes.upserts()) : error;
    }

    private Optional<SQLException> attempt(List<Row> rows, List<Row> cleared) throws SQLException {
        return attempt(() -> {
            if (copied) sink.replace(connection, changes.table(), rows);
            else clearAndWrite(rows, cleared);
        });
    }

    private interface Writing {
        void run() throws SQLException;
    }

    private Optional<SQLException> attempt(Writing writing) throws SQLException {
        try {
            writing.run();
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
        if (rows.isEmpty()) return;
        if (catchingUp) sink.replace(connection, table, rows);
        else sink.upsert(connection, table, rows);
    }
}
