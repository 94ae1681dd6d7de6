package dev.lockstep.stream.cascade;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes on one database what foreign keys made on the other. It needs no foreign key there, and none may act there beside it. All runs in
 * the caller's transaction. Made again, it finds nothing to do.
 */
public final class CascadeWriter {

    private static final Logger LOG = LoggerFactory.getLogger(CascadeWriter.class);

    /** Parents whose rows one statement looks for. */
    private static final int PARENTS = 1000;

    /** Rows that are held at once, where others refer to them in turn. */
    private static final int ROWS = 5000;

    private final Cascades cascades;
    private final Dialect dialect;
    private final Side written;

    /**
     * @param written the side whose rows are changed; the dialect is that database's
     */
    public CascadeWriter(Cascades cascades, Dialect dialect, Side written) {
        this.cascades = cascades;
        this.dialect = dialect;
        this.written = written;
    }

    /**
     * Changes the rows that refer to these, and those that refer to them in turn, not these themselves. The rows have to be as the source's
     * were right before.
     *
     * @param changes of one table: deletes, or one update
     * @param catchingUp whether rows may be newer than that: what one of them stands in the way of is left as it is, for a scan to name
     * @throws CascadeException if the database refuses one, and names it
     */
    public void write(Connection connection, List<ParentChange> changes, boolean catchingUp) throws SQLException {
        for (Effect effect : cascades.effects(changes)) {
            List<List<Value>> from = effect.from();
            for (int i = 0; i < from.size(); i += PARENTS)
                make(
                        connection,
                        new Effect(effect.tie(), from.subList(i, Math.min(from.size(), i + PARENTS)), effect.to()),
                        catchingUp);
        }
    }

    private void make(Connection connection, Effect effect, boolean catchingUp) throws SQLException {
        @Nullable Savepoint before = catchingUp ? connection.setSavepoint() : null;
        try {
            ChildRows child = new ChildRows(dialect, written, effect);
            if (cascades.goesOn(effect)) follow(connection, effect, child, catchingUp);
            else execute(connection, child.change());
        } catch (CascadeException e) {
            throw e; // of a table further down
        } catch (SQLException e) {
            if (before == null || !isConstraint(e)) throw new CascadeException(effect, e);
            LOG.warn("a row that is newer stands in a cascade's way: {}", new CascadeException(effect, e).getMessage());
            connection.rollback(before);
        }
        if (before != null) connection.releaseSavepoint(before);
    }

    private static boolean isConstraint(SQLException error) {
        return error.getSQLState() != null && error.getSQLState().startsWith("23");
    }

    /** The rows first, then what refers to them: so it ends where tables refer to each other in a circle, with no rows left to be found. */
    private void follow(Connection connection, Effect effect, ChildRows child, boolean catchingUp) throws SQLException {
        int most = effect.leavesAlike() ? Integer.MAX_VALUE : ROWS;
        List<Row> rows;
        do {
            rows = child.read(connection, cascades.referredTo(effect), most);
            for (int i = 0; i < rows.size(); i += PARENTS) {
                List<Row> part = rows.subList(i, Math.min(rows.size(), i + PARENTS));
                execute(
                        connection,
                        child.change(part.stream()
                                .map(row -> effect.tie().child().keyOf(row).values())
                                .toList()));
            }
            write(connection, rows.stream().map(effect::changeOf).toList(), catchingUp);
        } while (rows.size() == most);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.executeUpdate(sql);
        }
    }
}
