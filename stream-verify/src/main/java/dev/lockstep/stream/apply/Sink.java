package dev.lockstep.stream.apply;

import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Writes net changes into one engine's tables. All writing runs in the caller's transaction; all but {@link #copy} is idempotent: the
 * same rows written again, from any point of an earlier attempt on, leave the same state. Values arrive exactly as they are
 * carried, or the statement fails; nothing is cut, rounded by a cast, or replaced by a default.
 *
 * <p>A row whose unique value another row holds fails with an error that {@link SqlErrors#isUniqueViolation} knows; no other
 * row is touched instead. No key stands twice among the rows of one call.
 */
interface Sink {

    static Sink of(Dialect dialect) {
        return dialect.engine().equals("postgresql")
                ? new StoredForms(new PostgresSink(dialect), false)
                : new StoredForms(new MySqlSink(dialect), true);
    }

    /** Rows as the server takes them, ready to be sent, as often as need be. */
    interface Spelled {
        void write(Connection connection) throws SQLException;
    }

    /**
     * Rows whose keys are not there, to be added the engine's quickest way; needs no connection, and may be called beside all else. A key
     * or unique value that is there already is an error that {@link SqlErrors#isUniqueViolation} knows.
     */
    Spelled spellInsert(Destination table, List<Row> rows) throws SQLException;

    /** Likewise rows whose keys are there, to be these rows. Those that are not there come to be, too. */
    Spelled spellUpdate(Destination table, List<Row> rows) throws SQLException;

    /** Sets up a new connection that this sink will write through. */
    void prepare(Connection connection) throws SQLException;

    /** Removes the rows with these keys, values in key order; those not there are no error. */
    void delete(Connection connection, Destination table, List<List<Value>> keys) throws SQLException;

    /** Makes the rows with these rows' keys be these rows. */
    void upsert(Connection connection, Destination table, List<Row> rows) throws SQLException;

    /**
     * Adds rows of the initial copy, the engine's quickest way. A key or unique value that is there already is an error that
     * {@link SqlErrors#isUniqueViolation} knows, also between two of the rows; after any error the transaction has to be rolled back.
     */
    void copy(Connection connection, Destination table, Iterable<Row> rows) throws SQLException;

    /**
     * Makes the rows with these rows' keys be these rows, and removes every other row that holds a unique value of one of them.
     *
     * <p>Right only while the initial copy is not caught up with. A copy that was broken off goes on at a later moment of the source, and
     * the stream begins before the first row was read. Where two rows claim one unique value, they were read at different moments, or one
     * is a change older than the other's copy; the one that is removed has a change between the two moments, which is still to come.
     */
    void replace(Connection connection, Destination table, List<Row> rows) throws SQLException;
}
