package dev.lockstep.cutover.fence;

import dev.lockstep.cutover.fence.PostgresSessions.Session;
import dev.lockstep.schemas.migration.FenceRules;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One database of a PostgreSQL server. {@code alter database … set default_transaction_read_only = on} binds every session that begins
 * after it, so those from before are ended. That moment is kept in {@code lockstep.fence}: without it, a new process could not tell an old
 * session that can still write from a new one that cannot.
 *
 * <p>The setting is a default. A client that says {@code begin read write} on purpose is not stopped by it; it is ended and named when it is
 * seen writing, and the proof after the last barrier shows whether anything was written.
 */
final class PostgresFence extends EngineFence {

    private static final String TABLES = """
            create schema if not exists lockstep;
            create table if not exists lockstep.probe (id integer);
            create table if not exists lockstep.fence (
              one boolean primary key default true check (one), raised_at timestamptz, ended boolean not null, lowered_at timestamptz);
            create table if not exists lockstep.fenced (kind text, name text, primary key (kind, name))
            """;

    private static final String IS_READ_ONLY = """
            select coalesce(bool_or(lower(split_part(s, '=', 2)) in ('on', 'true', 'yes', '1')), false)
            from pg_db_role_setting r, unnest(r.setconfig) s
            where r.setrole = 0 and r.setdatabase = (select oid from pg_database where datname = current_database())
              and s like 'default_transaction_read_only=%'
            """;

    private static final String IS_ROLE_READ_ONLY = """
            select count(*) > 0
            from pg_db_role_setting r, unnest(r.setconfig) s
            where r.setrole = ?::regrole and r.setdatabase = (select oid from pg_database where datname = current_database())
              and s = 'default_transaction_read_only=on'
            """;

    PostgresFence(Server server, FenceProbe probe, FenceRules rules) {
        super(server, probe, rules);
    }

    /**
     * @param raisedAt sessions from after this moment are fenced; null: the fence was going up when its raiser stopped
     * @param ended the sessions from before have been ended
     */
    private record Mark(@Nullable OffsetDateTime raisedAt, boolean ended) {}

    @Override
    String grants() {
        return "ownership of the database, pg_read_all_stats and pg_signal_backend";
    }

    @Override
    void prepare(Connection connection) throws SQLException {
        bound(connection);
        if (!isPrepared(connection) || !Kept.isPrepared(connection)) Sql.run(connection, TABLES);
        String user = probe.user();
        if (user == null) return;
        Sql.run(
                connection,
                "grant usage on schema lockstep to " + server.dialect().quote(user),
                "grant insert on " + FenceProbe.TABLE + " to "
                        + server.dialect().quote(user));
    }

    @Override
    List<String> raise(Connection connection, Deadline deadline) throws SQLException {
        if (!isPrepared(connection)) prepare(connection);
        bound(connection);
        OffsetDateTime raisedAt = shut(connection);
        List<String> failures = new PostgresSessions(connection).end(raisedAt, deadline);
        if (new PostgresSessions(connection).ableToWrite(raisedAt).isEmpty())
            Sql.update(connection, "update lockstep.fence set ended = true");
        return failures;
    }

    /** The mark goes in with the setting; its moment only after that is committed, so that no session from before can look later than it. */
    private OffsetDateTime shut(Connection connection) throws SQLException {
        Optional<Mark> mark = mark(connection);
        if (isReadOnly(connection)
                && mark.isPresent()
                && rolesLeftOut(connection).isEmpty()) {
            OffsetDateTime before = mark.get().raisedAt();
            if (before != null) return before;
        }
        connection.setAutoCommit(false);
        Sql.update(connection, """
                insert into lockstep.fence (raised_at, ended) values (null, false)
                on conflict (one) do update set raised_at = null, ended = false, lowered_at = null""");
        Sql.run(connection, alter("set default_transaction_read_only = on"));
        for (String role : rules.roles()) Sql.run(connection, alter(role, "set default_transaction_read_only = on"));
        connection.commit();
        connection.setAutoCommit(true);
        Sql.update(connection, "update lockstep.fence set raised_at = clock_timestamp()");
        OffsetDateTime raisedAt = mark(connection).map(Mark::raisedAt).orElse(null);
        if (raisedAt == null) throw new SQLException("lockstep.fence was emptied by somebody else");
        return raisedAt;
    }

    /** Sessions that came behind the fence stay read-only for life: they are ended, and come back able to write. Who comes after it is left alone. */
    @Override
    List<String> lower(Connection connection, Deadline deadline) throws SQLException {
        bound(connection);
        Set<String> roles = keptReadOnly(connection);
        boolean closed = isReadOnly(connection) || !roles.isEmpty();
        if (!closed && mark(connection).isEmpty()) return List.of();
        if (!isPrepared(connection)) prepare(connection);
        roles.addAll(rules.roles());
        if (closed) open(connection, roles);
        List<String> failures = new PostgresSessions(connection).endReadOnly(loweredAt(connection), deadline);
        if (failures.isEmpty()) Sql.update(connection, "delete from lockstep.fence");
        return failures;
    }

    private void open(Connection connection, Set<String> roles) throws SQLException {
        connection.setAutoCommit(false);
        Sql.update(connection, """
                insert into lockstep.fence (raised_at, ended) values (null, false)
                on conflict (one) do update set lowered_at = null""");
        for (String role : roles) Sql.run(connection, alter(role, "reset default_transaction_read_only"));
        Sql.run(connection, alter("reset default_transaction_read_only"));
        connection.commit();
        connection.setAutoCommit(true);
    }

    /** Kept, so that who has come since is ended by no repetition; as in {@link #shut} only after the commit. */
    private static OffsetDateTime loweredAt(Connection connection) throws SQLException {
        Sql.update(connection, "update lockstep.fence set lowered_at = clock_timestamp() where lowered_at is null");
        return Sql.first(
                        connection,
                        row -> row.getObject(1, OffsetDateTime.class),
                        "select lowered_at from lockstep.fence")
                .orElseThrow(() -> new SQLException("lockstep.fence was emptied by somebody else"));
    }

    @Override
    FenceState state(Connection connection) throws SQLException {
        Optional<Mark> mark = mark(connection);
        List<String> reasons = new ArrayList<>();
        if (!isReadOnly(connection)) {
            if (mark.isPresent())
                reasons.add("sessions that came behind the fence may still be read-only; lower it again");
            for (String role : keptReadOnly(connection))
                reasons.add("role " + role + " is still read-only by its own setting; lower it again");
            return reasons.isEmpty() ? new FenceState.Lowered() : new FenceState.Partial(reasons);
        }
        OffsetDateTime raisedAt = mark.map(Mark::raisedAt).orElse(null);
        if (raisedAt == null || !mark.map(Mark::ended).orElse(false))
            reasons.add("sessions from before the fence may still write; raise it again");
        if (raisedAt != null)
            new PostgresSessions(connection).ableToWrite(raisedAt).forEach(session -> reasons.add(reason(session)));
        for (String role : rolesLeftOut(connection))
            reasons.add("role " + role + " is not read-only by its own setting any more; raise it again");
        reasons.addAll(new PostgresWriters(connection).others());
        return reasons.isEmpty() ? new FenceState.Raised() : new FenceState.Partial(reasons);
    }

    private static String reason(Session session) {
        return "session " + session.pid() + " of " + session.who()
                + (session.writing() ? " has a transaction open that writes" : " is from before the fence")
                + "; raise it again";
    }

    private List<String> rolesLeftOut(Connection connection) throws SQLException {
        List<String> out = new ArrayList<>();
        for (String role : rules.roles()) if (!isRoleReadOnly(connection, role)) out.add(role);
        return out;
    }

    /** Roles that were made so when it was raised and are still there, whether the file names them or not. */
    private Set<String> keptReadOnly(Connection connection) throws SQLException {
        Set<String> left = new LinkedHashSet<>();
        for (String role : Kept.ROLE.names(connection))
            if (exists(connection, role) && isRoleReadOnly(connection, role)) left.add(role);
        return left;
    }

    private boolean isRoleReadOnly(Connection connection, String role) throws SQLException {
        return Sql.first(
                        connection,
                        row -> row.getBoolean(1),
                        IS_ROLE_READ_ONLY,
                        server.dialect().quote(role))
                .orElse(false);
    }

    @Override
    boolean exists(Connection connection, String account) throws SQLException {
        return Sql.first(connection, row -> row.getInt(1), "select 1 from pg_roles where rolname = ?", account)
                .isPresent();
    }

    @Override
    Set<String> openTransactions(Connection connection) throws SQLException {
        return new PostgresSessions(connection).openTransactions();
    }

    @Override
    Set<String> outOfReach(Connection connection) throws SQLException {
        return new PostgresSessions(connection).outOfReach();
    }

    @Override
    boolean isLocked(Connection connection, String account) throws SQLException {
        return Sql.first(
                        connection,
                        row -> !row.getBoolean(1),
                        "select rolcanlogin from pg_roles where rolname = ?",
                        account)
                .orElseThrow(() -> new SQLException("there is no role " + account + " here"));
    }

    /** A role is the whole server's, and so is this. */
    @Override
    void lock(Connection connection, String account, boolean locked) throws SQLException {
        Sql.run(connection, "alter role " + server.dialect().quote(account) + (locked ? " nologin" : " login"));
    }

    private String alter(String role, String what) {
        return "alter role " + server.dialect().quote(role) + " in database "
                + server.dialect().quote(server.database()) + " " + what;
    }

    private String alter(String what) {
        return "alter database " + server.dialect().quote(server.database()) + " " + what;
    }

    /** No statement waits for long: not for its turn, and not for a lock. */
    private static void bound(Connection connection) throws SQLException {
        Sql.run(connection, "set statement_timeout = '5s'", "set lock_timeout = '3s'");
    }

    private static boolean isPrepared(Connection connection) throws SQLException {
        return Sql.first(
                        connection,
                        row -> row.getBoolean(1),
                        "select to_regclass('lockstep.fence') is not null and to_regclass('lockstep.probe') is not null")
                .orElse(false);
    }

    private static boolean isReadOnly(Connection connection) throws SQLException {
        return Sql.first(connection, row -> row.getBoolean(1), IS_READ_ONLY).orElse(false);
    }

    private static Optional<Mark> mark(Connection connection) throws SQLException {
        if (!isPrepared(connection)) return Optional.empty();
        return Sql.first(
                connection,
                row -> new Mark(row.getObject(1, OffsetDateTime.class), row.getBoolean(2)),
                "select raised_at, ended from lockstep.fence");
    }
}
