package dev.lockstep.stream.apply;

import dev.lockstep.schemas.table.ServerMessages;
import dev.lockstep.schemas.table.TransientErrors;
import java.sql.SQLException;
import java.util.Set;

/** What the three servers' errors mean for the applier. */
final class SqlErrors {

    private static final int PACKET_TOO_LARGE = 1153;
    private static final int DUPLICATE_ENTRY = 1062;
    private static final int GUARD = 1242;
    private static final int NOT_NULL = 1048;
    private static final int NO_DEFAULT = 1364;
    private static final int OUT_OF_RANGE = 1264; // state 22001 in one of the drivers, 22003 in the other
    private static final Set<Integer> CHECKS = Set.of(3819, 4025);
    private static final Set<Integer> GENERATED = Set.of(3105, 1906);

    /** Data exception, constraint violation, row too large; triggers' own: {@code signal}, {@code raise exception}. */
    private static final Set<String> ROW_STATES = Set.of("22", "23", "54", "45", "P0001");

    /** MySQL and MariaDB: check constraint, wrong value, wrong string in statement, row too large. */
    private static final Set<Integer> ROW_CODES = Set.of(3819, 4025, 1366, 1300, 1118);

    private static final String NULLABLE = "let the column take NULL there, as it does on the other side";
    private static final String RANGE = "give the column there a type that holds this value";
    private static final String CONSTRAINT = "make the constraint there agree with the other side's";
    private static final String PLAIN = "make the column there a plain one, as it is on the other side";

    private SqlErrors() {}

    /** What the server says, as {@link ServerMessages} shows it. */
    static String message(SQLException error) {
        return ServerMessages.of(error);
    }

    /** Whether the same statements may succeed later without anybody's help. */
    static boolean isTransient(SQLException error) {
        for (SQLException e = error; e != null; e = e.getNextException()) if (isTooLarge(e)) return false;
        return TransientErrors.contain(error);
    }

    /** Whether another row holds a unique value of a row that was written. */
    static boolean isUniqueViolation(SQLException error) {
        return state(error).equals("23505") || error.getErrorCode() == DUPLICATE_ENTRY || error.getErrorCode() == GUARD;
    }

    /** Whether it is about the values of one row, and not about the table or the whole database. */
    static boolean isOfTheRow(SQLException error) {
        return isUniqueViolation(error)
                || ROW_STATES.stream().anyMatch(state(error)::startsWith)
                || ROW_CODES.contains(error.getErrorCode())
                || isTooLarge(error);
    }

    /** Whether it is about a row larger than the server takes; it may have ended the session, too. */
    static boolean isTooLarge(SQLException error) {
        return error.getErrorCode() == PACKET_TOO_LARGE
                || String.valueOf(error.getMessage()).contains("max_allowed_packet");
    }

    static String state(SQLException error) {
        return error.getSQLState() == null ? "" : error.getSQLState();
    }

    /** What an operator can do about an error that is not transient. */
    static String remedy(SQLException error) {
        if (isTooLarge(error)) return "the row is larger than the server takes: raise max_allowed_packet there";
        if (isUniqueViolation(error))
            return "another row there holds this unique value: remove it, or make the unique indexes of both sides agree";
        return switch (error.getErrorCode()) { // MySQL has one state for most of them
            case NOT_NULL -> NULLABLE;
            case OUT_OF_RANGE -> RANGE;
            case NO_DEFAULT -> "give the column that only that side has a default, or let it take NULL";
            default -> {
                if (CHECKS.contains(error.getErrorCode())) yield CONSTRAINT;
                yield GENERATED.contains(error.getErrorCode()) ? PLAIN : remedy(state(error));
            }
        };
    }

    private static String remedy(String state) {
        return switch (state) {
            case "42P01", "42S02", "3F000" -> "create the table there as it is on the other side";
            case "42703", "42S22" -> "add the column there as it is on the other side";
            case "23502" -> NULLABLE;
            case "428C9" -> PLAIN;
            case "22001" -> "widen the column there to the other side's length";
            case "22003", "22008" -> RANGE;
            case "22P02", "22007", "22021", "HY000", "22P05" ->
                "give the column there a type, enum label or character set that holds this value";
            case "23514", "23513", "23000", "23503" -> CONSTRAINT;
            case "42501", "42000", "28000", "28P01", "25006" ->
                "see that the user may write there: grants, password, and a server that is not read-only";
            default -> "make the table there take this row";
        };
    }
}
