package dev.lockstep.cutover.fence;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Others' sessions on a MySQL or MariaDB server: not the server's own, not replication's senders, not Lockstep's. */
final class MySqlSessions {

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int NO_SUCH_THREAD = 1094;

    private final Connection connection;
    private final String clients;
    private final String processes;
    private final String user;

    MySqlSessions(Connection connection, boolean mysql, String user) {
        this.connection = connection;
        this.user = user;
        this.processes = mysql ? "performance_schema.processlist" : "information_schema.processlist";
        this.clients = """
                from %s p
                where p.id <> connection_id() and p.user <> ?
                  and p.user not in ('system user', 'event_scheduler', 'unauthenticated user', 'mariadb.sys')
                  and p.user not like 'mysql.%%' and p.command not like 'Binlog Dump%%' and p.command <> 'Daemon'
                """.formatted(processes);
    }

    record Session(long id, String user) {}

    List<Session> clients() throws SQLException {
        return sessions("select p.id, p.user " + clients);
    }

    /** Those with a transaction open that has written. */
    List<Session> writing() throws SQLException {
        return sessions(
                "select p.id, p.user " + clients
                        + " and p.id in (select t.trx_mysql_thread_id from information_schema.innodb_trx t where t.trx_rows_modified > 0)");
    }

    /** Of those with a transaction open that has written: which. */
    Set<String> openTransactions() throws SQLException {
        return new TreeSet<>(Sql.list(
                connection,
                row -> "transaction " + row.getString(1) + " of " + row.getString(3) + ", session " + row.getLong(2),
                "select t.trx_id, p.id, p.user from information_schema.innodb_trx t join " + processes
                        + " p on p.id = t.trx_mysql_thread_id where t.trx_rows_modified > 0 and p.id <> connection_id() and p.user <> ?",
                user));
    }

    /** Whoever has something to commit, and whom {@code read_only} does not bind; each with what mends it. */
    List<String> othersThatWrite() throws SQLException {
        List<String> reasons = new ArrayList<>();
        for (Session session : writing())
            reasons.add("session " + session.id() + " of " + session.user()
                    + " has a transaction open that writes; raise the fence again");
        int prepared = count(
                "select count(*) from information_schema.innodb_trx where trx_mysql_thread_id = 0 and trx_rows_modified > 0");
        if (prepared > 0)
            reasons.add(
                    prepared
                            + " transactions without a session are open; xa recover shows them, xa rollback or xa commit ends them");
        int appliers =
                count("select count(*) from " + processes + " where user = 'system user' and command <> 'Daemon'");
        if (appliers > 0)
            reasons.add(
                    "the server applies changes from a primary of its own, which read_only does not stop; stop replica");
        return reasons;
    }

    /**
     * Ends them, and waits until they are gone, so that what they had not committed is rolled back.
     *
     * @return why some could not be ended
     */
    List<String> end(List<Session> sessions, Deadline deadline) throws SQLException {
        List<String> failures = new ArrayList<>();
        List<Session> ending = new ArrayList<>();
        for (Session session : sessions) {
            try {
                Sql.run(connection, "kill " + session.id());
                ending.add(session);
            } catch (SQLException e) {
                if (e.getErrorCode() != NO_SUCH_THREAD)
                    failures.add("session " + session.id() + " of " + session.user() + " cannot be ended: "
                            + FenceProbe.words(e));
            }
        }
        while (clients().stream().anyMatch(ending::contains) && deadline.pause(PAUSE)) {}
        return failures;
    }

    private List<Session> sessions(String sql) throws SQLException {
        return Sql.list(connection, row -> new Session(row.getLong(1), row.getString(2)), sql, user);
    }

    private int count(String sql) throws SQLException {
        return Sql.first(connection, row -> row.getInt(1), sql).orElse(0);
    }
}
