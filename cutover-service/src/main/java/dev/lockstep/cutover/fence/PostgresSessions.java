package dev.lockstep.cutover.fence;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Others' sessions of this database that can write: those that began before a moment, and whoever has a transaction open that has written.
 * Replication's senders, autovacuum and Lockstep's own are not among them.
 */
final class PostgresSessions {

    /** Who may not see others' sessions gets nulls: those count as old and as clients. */
    private static final String OTHERS = """
            select pid, coalesce(usename, '?') || case when coalesce(application_name, '') = '' then '' else ' (' || application_name || ')' end,
                   backend_xid is not null
            from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()
              and coalesce(usename, '') <> current_user and coalesce(application_name, '') <> 'lockstep'
              and coalesce(backend_type, 'client backend') not in ('walsender', 'autovacuum worker', 'parallel worker')
            """;

    private static final String IS_CLIENT = "coalesce(backend_type, 'client backend') = 'client backend'";

    private static final String BEGAN_BEFORE = IS_CLIENT + " and coalesce(backend_start, '-infinity') <= ?";

    private static final String ABLE_TO_WRITE =
            OTHERS + " and (backend_xid is not null or " + BEGAN_BEFORE + ") order by pid";

    /** Only superusers may end a superuser's. */
    private static final String OUT_OF_REACH = "(current_setting('is_superuser') = 'off'"
            + " and exists (select 1 from pg_roles where rolname = usename and rolsuper))";

    /** One that is out of reach is no application's. */
    private static final String READ_ONLY =
            OTHERS + " and " + BEGAN_BEFORE + " and not " + OUT_OF_REACH + " order by pid";

    private static final String CLIENTS_OUT_OF_REACH = OTHERS + " and " + IS_CLIENT + " and " + OUT_OF_REACH;

    private static final String OPEN_TRANSACTIONS = """
            select 'transaction ' || backend_xid || ' of ' || coalesce(usename, '?') || ', session ' || pid
            from pg_stat_activity
            where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid()
              and coalesce(usename, '') <> current_user and coalesce(application_name, '') <> 'lockstep'
            union all
            select 'prepared transaction ' || gid || ' of ' || owner
            from pg_prepared_xacts where database = current_database()
            """;

    private static final Duration PAUSE = Duration.ofMillis(20);

    /**
     * A session reads the database's settings a moment before it can be seen here. So: it reads "writes allowed" (1), the fence goes up (2),
     * a look finds nobody (3), it appears, able to write (4). One more look after a pause finds it.
     */
    private static final int CLEAN_LOOKS = 2;

    private final Connection connection;

    PostgresSessions(Connection connection) {
        this.connection = connection;
    }

    /**
     * @param writing it has a transaction open that has written
     */
    record Session(int pid, String who, boolean writing) {}

    List<Session> ableToWrite(OffsetDateTime begunBefore) throws SQLException {
        return list(ABLE_TO_WRITE, begunBefore);
    }

    private List<Session> list(String query, OffsetDateTime begunBefore) throws SQLException {
        return Sql.list(
                connection, row -> new Session(row.getInt(1), row.getString(2), row.getBoolean(3)), query, begunBefore);
    }

    /** Those that cannot be ended. */
    Set<String> outOfReach() throws SQLException {
        return new TreeSet<>(Sql.list(
                connection, row -> "session " + row.getInt(1) + " of " + row.getString(2), CLIENTS_OUT_OF_REACH));
    }

    /** Transactions of others that have written, prepared ones too. */
    Set<String> openTransactions() throws SQLException {
        return new TreeSet<>(Sql.list(connection, row -> row.getString(1), OPEN_TRANSACTIONS));
    }

    /**
     * Ends those that can write, and waits until they are gone.
     *
     * @return why some could not be ended
     */
    List<String> end(OffsetDateTime begunBefore, Deadline deadline) throws SQLException {
        return end(ABLE_TO_WRITE, begunBefore, deadline);
    }

    /** Ends all from before a moment until which sessions began read-only; likewise. */
    List<String> endReadOnly(OffsetDateTime begunBefore, Deadline deadline) throws SQLException {
        return end(READ_ONLY, begunBefore, deadline);
    }

    private List<String> end(String query, OffsetDateTime begunBefore, Deadline deadline) throws SQLException {
        Set<String> failures = new LinkedHashSet<>();
        int clean = 0;
        do {
            List<Session> sessions = list(query, begunBefore);
            clean = sessions.isEmpty() ? clean + 1 : 0;
            for (Session session : sessions) end(session, failures);
        } while (clean < CLEAN_LOOKS && deadline.pause(PAUSE));
        return new ArrayList<>(failures);
    }

    private void end(Session session, Set<String> failures) {
        try {
            Sql.first(connection, row -> row.getBoolean(1), "select pg_terminate_backend(?)", session.pid());
        } catch (SQLException e) {
            failures.add(
                    "session " + session.pid() + " of " + session.who() + " cannot be ended: " + FenceProbe.words(e)
                            + "; grant pg_signal_backend to Lockstep's user, and superuser if the session is a superuser's");
        }
    }
}
