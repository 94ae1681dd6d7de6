package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.table.ControlTables;
import dev.lockstep.schemas.table.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * A lane's row of {@code lockstep.applied}: moved in the same transaction as the rows that it accounts for, and only by the newest
 * owner. That is what makes a batch take effect exactly once.
 */
final class AppliedTable {

    private static final String WHERE = " where direction = ? and lane = ?";

    private final Dialect dialect;
    private final String table;
    private final Barrier.Direction direction;
    private final int lane;

    AppliedTable(Dialect dialect, Barrier.Direction direction, int lane) {
        this.dialect = dialect;
        this.table = dialect.quote(ControlTables.APPLIED);
        this.direction = direction;
        this.lane = lane;
    }

    /**
     * Makes the caller the owner: an applier that owned it before moves nothing any more. Commits.
     *
     * @param topic id of the topic that the offsets are of
     * @throws ApplyException if the row tells of another topic: its offset would skip changes of this one
     */
    Applied claim(Connection connection, String topic) throws SQLException {
        String columns = " (topic, direction, lane, next_offset, position, barrier_micros, epoch) values (?, ?, ?, 0, '"
                + Position.SNAPSHOT + "', 0, 0)";
        execute(
                connection,
                dialect.engine().equals("postgresql")
                        ? "insert into " + table + columns + " on conflict do nothing"
                        : "insert ignore into " + table + columns,
                topic);
        if (execute(
                        connection,
                        "update " + table + " set epoch = epoch + 1 where topic = ? and direction = ? and lane = ?",
                        topic)
                == 0)
            throw new ApplyException("the target holds what was applied from another Kafka topic than " + topic
                    + " (lockstep.applied on the target tells which): its state directory was deleted, or kafka.bootstrap"
                    + " names another cluster. Go on with that one; or start anew: empty the target's tables, and drop the"
                    + " database or schema lockstep on both sides");
        return read(connection);
    }

    /**
     * The row as of now, after every transaction that has moved it but not yet ended: also after one whose connection was cut while
     * it was committing. Commits.
     */
    Applied read(Connection connection) throws SQLException {
        String columns = "select next_offset, position, barrier_micros, epoch from ";
        try (var query = connection.prepareStatement(columns + table + WHERE + " for update")) {
            bind(query, 1);
            try (var row = query.executeQuery()) {
                if (!row.next())
                    throw new ApplyException("the row of " + ControlTables.APPLIED + " for direction " + direction
                            + ", lane " + lane + " is gone: someone removed it, and what has been applied is not known"
                            + " any more; copy the tables again");
                Applied applied =
                        new Applied(row.getLong(1), Position.parse(row.getString(2)), row.getLong(3), row.getLong(4));
                connection.commit();
                return applied;
            }
        }
    }

    /** Moves the row from one state to the next; false if it was not in that state, or has another owner. */
    boolean move(Connection connection, Applied from, Applied to) throws SQLException {
        try (var update = connection.prepareStatement("update " + table
                + " set next_offset = ?, position = ?, barrier_micros = ?" + WHERE
                + " and next_offset = ? and epoch = ?")) {
            update.setLong(1, to.nextOffset());
            update.setString(2, to.position().toString());
            update.setLong(3, to.barrierMicros());
            bind(update, 4);
            update.setLong(6, from.nextOffset());
            update.setLong(7, from.epoch());
            return update.executeUpdate() == 1;
        }
    }

    /** Fences off whoever owns the row, and forgets the barrier: the lane's next one is its first. */
    void restart(Connection connection) throws SQLException {
        try (var update =
                connection.prepareStatement("update " + table + " set epoch = epoch + 1, barrier_micros = 0" + WHERE)) {
            bind(update, 1);
            update.executeUpdate();
        }
    }

    private int execute(Connection connection, String sql, String topic) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, topic);
            bind(statement, 2);
            return statement.executeUpdate();
        }
    }

    private void bind(PreparedStatement statement, int first) throws SQLException {
        statement.setString(first, direction.name());
        statement.setInt(first + 1, lane);
    }
}
