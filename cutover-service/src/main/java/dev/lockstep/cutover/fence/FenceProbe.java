package dev.lockstep.cutover.fence;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.FenceRules;
import dev.lockstep.schemas.migration.Migration.CutoverRules;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes to the table {@code lockstep.probe} as the application's user, as a client that has just come would. */
final class FenceProbe {

    static final String TABLE = "lockstep.probe";
    static final String WRITE = "insert into " + TABLE + " (id) values (default)";

    /** PostgreSQL: read_only_sql_transaction. */
    private static final String READ_ONLY_TRANSACTION = "25006";
    /** MySQL, MariaDB: ER_OPTION_PREVENTS_STATEMENT, and ER_READ_ONLY_MODE. */
    private static final int OPTION_PREVENTS_STATEMENT = 1290;

    private static final int READ_ONLY_MODE = 1836;

    /** PostgreSQL: invalid_authorization_specification, as for a role that may not log in; a wrong password is another. */
    private static final String NO_LOGIN = "28000";
    /** ER_ACCOUNT_HAS_BEEN_LOCKED of MySQL, and of MariaDB. */
    private static final Set<Integer> LOCKED = Set.of(3118, 4151);

    private final Endpoint endpoint;
    private final CutoverRules rules;
    private final boolean lockedOut;

    /**
     * @param fence one that locks the application's user out
     */
    FenceProbe(Endpoint endpoint, CutoverRules rules, FenceRules fence) {
        this.endpoint = endpoint;
        this.rules = rules;
        this.lockedOut = rules.applicationUser() != null && fence.lockOut().contains(rules.applicationUser());
    }

    /** Who writes; null if the migration file does not say. */
    @Nullable
    String user() {
        return rules.applicationUser();
    }

    Probe run() {
        String user = user();
        if (user == null)
            return new Probe.Inconclusive(
                    "who the application is, is not known; set cutover.applicationUser and applicationPassword");
        Endpoint application = new Endpoint(endpoint.url(), user, rules.applicationPassword());
        try (Connection connection = Server.bounded(application::connect)) {
            return write(connection);
        } catch (SQLException e) {
            if (lockedOut && (NO_LOGIN.equals(e.getSQLState()) || LOCKED.contains(e.getErrorCode())))
                return new Probe.Refused(words(e));
            return new Probe.Inconclusive("user " + user + " cannot connect: " + words(e)
                    + "; compare cutover.applicationUser and applicationPassword with the application's");
        }
    }

    /** Always rolled back, so no change log ever carries it. */
    private Probe write(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try {
            Sql.update(connection, WRITE);
            return new Probe.Written();
        } catch (SQLException e) {
            return judge(e);
        } finally {
            connection.rollback();
        }
    }

    private Probe judge(SQLException e) {
        boolean refused = READ_ONLY_TRANSACTION.equals(e.getSQLState())
                || e.getErrorCode() == OPTION_PREVENTS_STATEMENT
                || e.getErrorCode() == READ_ONLY_MODE;
        return refused
                ? new Probe.Refused(words(e))
                : new Probe.Inconclusive("user " + user() + " cannot write to " + TABLE + ": " + words(e)
                        + "; grant it insert on that table");
    }

    static String words(SQLException e) {
        String code = e.getErrorCode() == 0 ? String.valueOf(e.getSQLState()) : Integer.toString(e.getErrorCode());
        return code + " " + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
