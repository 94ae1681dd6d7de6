package dev.lockstep.schemas.message;

import java.util.Comparator;

/**
 * A place in a database's log, growing along a lane.
 *
 * @param major PostgreSQL: LSN of the last commit before this transaction; MySQL and MariaDB: number of the binlog file,
 *     and above 32 bits how often another server was failed over to; 0: snapshot
 * @param minor PostgreSQL: LSN of the change; MySQL and MariaDB: offset of the event in the file
 * @param index order among the changes of one place, and on PostgreSQL in the transaction; 0 where there is none
 */
public record Position(long major, long minor, long index) implements Comparable<Position> {

    /** Before every streamed change: where a snapshot's rows stand. */
    public static final Position SNAPSHOT = new Position(0, 0, 0);

    private static final Comparator<Position> ORDER = Comparator.comparingLong(Position::major)
            .thenComparingLong(Position::minor)
            .thenComparingLong(Position::index);

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }

    /** {@code major/minor/index}, as it is stored beside the applied offset. */
    @Override
    public String toString() {
        return major + "/" + minor + "/" + index;
    }

    /** The inverse of {@link #toString}. */
    public static Position parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 3) throw new IllegalArgumentException("not a position: " + text);
        return new Position(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }
}
