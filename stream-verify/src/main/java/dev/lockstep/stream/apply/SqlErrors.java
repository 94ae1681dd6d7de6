package dev.lockstep.stream.apply;

import java.sql.SQLException;
import java.util.Set;

/** What the three servers' errors mean for the applier. */
final class SqlErrors {

    /** Serialization failure, deadlock, lock not available, statement cancelled by an administrator. */
    private static final Set<String> TRANSIENT_STATES = Set.of("40001", "40P01", "55P03", "57014");

    /** MySQL and MariaDB: too many connections, shutdown, lock wait, deadlock, query interrupted, connection killed. */
    private static final Set<Integer> TRANSIENT_CODES = Set.of(1040, 1053, 1205, 1213, 1317, 1927);

    private static final int PACKET_TOO_LARGE = 1153;
    private static final int DUPLICATE_ENTRY = 1062;
    private static final int GUARD = 1242;

    private SqlErrors() {}

    /** Whether the same statements may succeed later without anybody's help. */
    static boolean isTransient(SQLException error) {
        for (SQLException e = error; e != null; e = e.getNextException()) {
            if (e.getErrorCode() == PACKET_TOO_LARGE) return false;
            String state = state(e);
            if (state.startsWith("08") || state.startsWith("57P0") || state.startsWith("53")) return true;
            if (TRANSIENT_STATES.contains(state) || TRANSIENT_CODES.contains(e.getErrorCode())) return true;
        }
        return false;
    }

    /** Whether another row holds a unique value of a row that was written. */
    static boolean isUniqueViolation(SQLException error) {
        return state(error).equals("23505") || error.getErrorCode() == DUPLICATE_ENTRY || error.getErrorCode() == GUARD;
    }

    static String state(SQLException error) {
        return error.getSQLState() == null ? "" : error.getSQLState();
    }

    /** What an operator can do about an error that is not transient. */
    static String remedy(SQLException error) {
        if (String.valueOf(error.getMessage()).contains("max_allowed_packet"))
            return "the row is larger than the server takes: raise max_allowed_packet there";
        if (isUniqueViolation(error))
            return "another row there holds this unique value: remove it, or make the unique indexes of both sides agree";
        return switch (state(error)) {
            case "42P01", "42S02", "3F000" -> "create the table there as it is on the other side";
            case "42703", "42S22" -> "add the column there as it is on the other side";
            case "23502" -> "let the column take NULL there, as it does on the other side";
            case "22001" -> "widen the column there to the other side's length";
            case "22003", "22007", "22008" -> "give the column there a type that holds this value";
            case "22P02", "22021", "HY000", "22P05" ->
                "give the column there a type, enum label or character set that holds this value";
            case "23514", "23513", "23000", "23503" -> "make the constraint there agree with the other side's";
            case "42501", "42000", "28000", "28P01", "25006" ->
                "see that the user may write there: grants, password, and a server that is not read-only";
            default -> "make the table there take this row";
        };
    }
}
