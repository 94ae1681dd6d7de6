package dev.lockstep.stream.apply;

import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Writes net changes into one engine's tables. Both kinds of writing run in the caller's transaction and are idempotent: the
 * same rows written again, from any point of an earlier attempt on, leave the same state. Values arrive exactly as they are
 * carried, or the statement fails; nothing is cut, rounded by a cast, or replaced by a default.
 *
 * <p>A row whose unique value another row holds fails with an error that {@link SqlErrors#isUniqueViolation} knows; no other
 * row is touched instead. No key stands twice among the rows of one call.
 */
interface Sink {

    static Sink of(Dialect dialect) {
        return dialect.engine().equals("postgresql") ? new PostgresSink(dialect) : new MySqlSink(dialect);
    }

    /** Sets up a new connection that this sink will write through. */
    void prepare(Connection connection) throws SQLException;

    /** Removes the rows with these keys, values in key order; those not there are no error. */
    void delete(Connection connection, Destination table, List<List<Value>> keys) throws SQLException;

    /** Makes the rows with these rows' keys be these rows. */
    void upsert(Connection connection, Destination table, List<Row> rows) throws SQLException;
}
