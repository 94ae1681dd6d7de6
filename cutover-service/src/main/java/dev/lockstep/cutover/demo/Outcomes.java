package dev.lockstep.cutover.demo;

import java.sql.SQLException;
import java.util.Set;

/** What an error says of the transaction and of the connection. */
final class Outcomes {

    /** MySQL, MariaDB: read-only server, or one that allows no writes; lock wait timed out; deadlock. */
    private static final Set<Integer> REFUSED_READ_ONLY = Set.of(1290, 1836, 1792);

    private static final Set<Integer> REFUSED_LOCKED = Set.of(1205, 1213);

    private Outcomes() {}

    /**
     * Whether a commit that ended with this error surely changed nothing: the server answered that it refused. Anything else, a
     * broken connection most of all, leaves it open.
     */
    static boolean surelyNotCommitted(SQLException e) {
        return isConflict(e) || isClass(e, "25") || REFUSED_READ_ONLY.contains(e.getErrorCode());
    }

    /** Whether the next transaction may come on the same connection: another one was in the way. */
    static boolean isConflict(SQLException e) {
        return isClass(e, "40") || isClass(e, "23") || REFUSED_LOCKED.contains(e.getErrorCode());
    }

    /** State and the engine's number, for people. */
    static String code(SQLException e) {
        return e.getSQLState() + (e.getErrorCode() == 0 ? "" : "/" + e.getErrorCode());
    }

    private static boolean isClass(SQLException e, String sqlClass) {
        String state = e.getSQLState();
        // 40003: a rollback of which even the server does not know whether it came in time
        return state != null && state.startsWith(sqlClass) && !state.equals("40003");
    }
}
