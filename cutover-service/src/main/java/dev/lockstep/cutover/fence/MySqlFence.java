package dev.lockstep.cutover.fence;

import dev.lockstep.schemas.migration.FenceRules;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A whole MySQL or MariaDB server, by {@code read_only}: it binds every session at once, also a transaction that began before (its commit is
 * refused), but not users who hold the privilege to bypass it, as Lockstep's must. MySQL's {@code super_read_only} would stop
 * Lockstep too, and stays off. A restart of the server lowers this fence, as its configuration says nothing of it: observe again.
 */
final class MySqlFence extends EngineFence {

    private static final int LOCK_WAIT_TIMEOUT = 1205;

    MySqlFence(Server server, FenceProbe probe, FenceRules rules) {
        super(server, probe, rules);
    }

    private boolean isMySql() {
        return server.dialect().engine().equals("mysql");
    }

    @Override
    String grants() {
        return isMySql()
                ? "SYSTEM_VARIABLES_ADMIN, CONNECTION_ADMIN and PROCESS, create and insert on lockstep.*, and GRANT OPTION there"
                : "READ ONLY ADMIN, CONNECTION ADMIN and PROCESS, create and insert on lockstep.*, and GRANT OPTION there";
    }

    @Override
    void prepare(Connection connection) throws SQLException {
        bound(connection);
        if (!isPrepared(connection) || !Kept.isPrepared(connection))
            Sql.run(
                    connection,
                    "create database if not exists lockstep",
                    "create table if not exists " + FenceProbe.TABLE
                            + " (id bigint not null auto_increment primary key) engine = InnoDB",
                    "create table if not exists lockstep.fenced (id bigint not null auto_increment primary key,"
                            + " kind varchar(10) not null, name varchar(255) not null)"
                            + " engine = InnoDB character set utf8mb4");
        String user = probe.user();
        if (user == null) return;
        List<String> hosts = hosts(connection, user);
        if (hosts.isEmpty()) throw new SQLException("there is no user " + user + " here");
        for (String host : hosts)
            Sql.run(
                    connection,
                    "grant insert on " + FenceProbe.TABLE + " to "
                            + server.dialect().literal(user) + "@"
                            + server.dialect().literal(host));
    }

    @Override
    List<String> raise(Connection connection, Deadline deadline) throws SQLException {
        if (!isPrepared(connection)) prepare(connection);
        bound(connection);
        MySqlSessions sessions = sessions(connection);
        List<String> failures = new ArrayList<>();
        if (isReadOnly(connection)) {
            failures.addAll(sessions.end(sessions.writing(), deadline));
        } else {
            failures.addAll(shut(connection, sessions, deadline));
            failures.addAll(sessions.end(sessions.clients(), deadline));
        }
        return failures;
    }

    /** Setting it waits for statements that are writing, and holds up all others meanwhile: so it waits briefly, after ending what it waits for. */
    private static List<String> shut(Connection connection, MySqlSessions sessions, Deadline deadline)
            throws SQLException {
        while (true) {
            List<String> failures = sessions.end(sessions.clients(), deadline);
            try {
                Sql.run(connection, "set global read_only = on");
                return failures;
            } catch (SQLException e) {
                if (e.getErrorCode() != LOCK_WAIT_TIMEOUT || deadline.hasPassed()) throw e;
            }
        }
    }

    @Override
    List<String> lower(Connection connection, Deadline deadline) throws SQLException {
        bound(connection);
        if (isReadOnly(connection)) Sql.run(connection, "set global read_only = off");
        return List.of();
    }

    @Override
    FenceState state(Connection connection) throws SQLException {
        if (!isReadOnly(connection)) return new FenceState.Lowered();
        MySqlSessions sessions = sessions(connection);
        List<String> reasons = new ArrayList<>(sessions.othersThatWrite());
        if (isMySql() && isOn(connection, "super_read_only"))
            reasons.add("super_read_only keeps Lockstep out too; set global super_read_only = off");
        if (isPrepared(connection)) reasons.addAll(ownWrite(connection));
        return reasons.isEmpty() ? new FenceState.Raised() : new FenceState.Partial(reasons);
    }

    @Override
    Set<String> openTransactions(Connection connection) throws SQLException {
        return sessions(connection).openTransactions();
    }

    @Override
    boolean exists(Connection connection, String account) throws SQLException {
        return !hosts(connection, account).isEmpty();
    }

    @Override
    boolean isLocked(Connection connection, String account) throws SQLException {
        String sql = isMySql()
                ? "select account_locked = 'Y' from mysql.user where user = ?"
                : "select coalesce(json_value(priv, '$.account_locked'), 'false') in ('1', 'true') from mysql.global_priv where user = ?";
        List<Boolean> hosts = Sql.list(connection, row -> row.getBoolean(1), sql, account);
        if (hosts.isEmpty()) throw new SQLException("there is no user " + account + " here");
        return !hosts.contains(false);
    }

    @Override
    void lock(Connection connection, String account, boolean locked) throws SQLException {
        for (String host : hosts(connection, account))
            Sql.run(
                    connection,
                    "alter user " + server.dialect().literal(account) + "@"
                            + server.dialect().literal(host) + " account " + (locked ? "lock" : "unlock"));
    }

    private static List<String> hosts(Connection connection, String user) throws SQLException {
        return Sql.list(connection, row -> row.getString(1), "select host from mysql.user where user = ?", user);
    }

    private MySqlSessions sessions(Connection connection) {
        return new MySqlSessions(connection, isMySql(), server.user());
    }

    private static void bound(Connection connection) throws SQLException {
        Sql.run(connection, "set session lock_wait_timeout = 1", "set session innodb_lock_wait_timeout = 3");
    }

    private static boolean isPrepared(Connection connection) throws SQLException {
        return Sql.first(
                        connection,
                        row -> row.getInt(1),
                        "select 1 from information_schema.tables where table_schema = 'lockstep' and table_name = 'probe'")
                .isPresent();
    }

    private static boolean isReadOnly(Connection connection) throws SQLException {
        return isOn(connection, "read_only");
    }

    private static boolean isOn(Connection connection, String variable) throws SQLException {
        String value = Sql.first(connection, row -> row.getString(1), "select @@global." + variable)
                .orElse("0");
        return !value.equals("0") && !value.equalsIgnoreCase("off") && !value.equalsIgnoreCase("false");
    }
}
