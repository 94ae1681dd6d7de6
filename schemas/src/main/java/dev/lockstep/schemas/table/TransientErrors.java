package dev.lockstep.schemas.table;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * Which of the three servers' errors pass by themselves: the same statements may succeed later without anybody's help. By state and code alone:
 * MariaDB's driver makes a transient exception of every error whose state it does not know, a trigger's own among them.
 */
public final class TransientErrors {

    /** Connection, transaction rolled back, resources, server's or operator's intervention (PostgreSQL appendix A). */
    private static final List<String> CLASSES = List.of("08", "40", "53", "57P");

    /** PostgreSQL: lock not available, statement cancelled by an administrator, transaction or its idleness too long. */
    private static final Set<String> STATES = Set.of("55P03", "57014", "25P03", "25P04");

    /**
     * MySQL and MariaDB: too many connections, of the server, of users and of ours; shutdown, lock wait, deadlock, query interrupted,
     * connection killed, statement too long, session idle too long; disk full, and table full, which says the same.
     */
    private static final Set<Integer> CODES =
            Set.of(1040, 1203, 1226, 1053, 1205, 1213, 1317, 1927, 1969, 4031, 1021, 1114);

    private TransientErrors() {}

    /** Whether it, or one that came with it, is of that kind. */
    public static boolean contain(SQLException error) {
        for (SQLException e = error; e != null; e = e.getNextException()) if (isOne(e)) return true;
        return false;
    }

    private static boolean isOne(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return CLASSES.stream().anyMatch(state::startsWith)
                || STATES.contains(state)
                || CODES.contains(e.getErrorCode());
    }
}
