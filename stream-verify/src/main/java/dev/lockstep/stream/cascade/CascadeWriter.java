package dev.lockstep.stream.cascade;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Makes on one database what foreign keys made on the other. It needs no foreign key there, and none may act there beside it. All runs in
 * the caller's transaction. Made again, it finds nothing to do.
 */
public final class CascadeWriter {

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
     * @throws CascadeException if the database refuses one, and names it
     */
    public void write(Connection connection, List<ParentChange> changes) throws SQLException {
        for (Effect effect : cascades.effects(changes)) {
            List<List<Value>> from = effect.from();
            for (int i = 0; i < from.size(); i += PARENTS)
                make(
                        connection,
                        new Effect(effect.tie(), from.subList(i, Math.min(from.size(), i + PARENTS)), effect.to()));
        }
    }

    private void make(Connection connection, Effect effect) throws SQLException {
        ChildRows child = new ChildRows(dialect, written, effect);
        try {
            if (cascades.goesOn(effect)) follow(connection, effect, child);
            else execute(connection, child.change());
        } catch (CascadeException e) {
            throw e; // of a table further down
        } catch (SQLException e) {
            throw new CascadeException(effect, e);
        }
    }

    /** The rows first, then what refers to them: so it ends where tables refer to each other in a circle, with no rows left to be found. */
    private void follow(Connection connection, Effect effect, ChildRows child) throws SQLException {
        // what is updated may still look alike to the server: 'a' that became 'A'
        int most = effect.removes() ? ROWS : Integer.MAX_VALUE;
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
            write(connection, rows.stream().map(effect::changeOf).toList());
        } while (rows.size() == most);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.executeUpdate(sql);
        }
    }
}
