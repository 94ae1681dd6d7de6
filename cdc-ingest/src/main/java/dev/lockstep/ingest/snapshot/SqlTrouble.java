package dev.lockstep.ingest.snapshot;

import java.sql.SQLException;

/** Which of a database's errors pass by themselves. */
final class SqlTrouble {

    private SqlTrouble() {}

    /** A cut connection, a server that restarts or is full for the moment, a lock that was waited for in vain. */
    static boolean passes(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return state.startsWith("08")
                || state.startsWith("40")
                || state.startsWith("53")
                || state.startsWith("57P")
                || state.equals("55P03")
                || e instanceof java.sql.SQLTransientException
                || e instanceof java.sql.SQLRecoverableException
                || e.getErrorCode() == 1205
                || e.getErrorCode() == 1040;
    }
}
