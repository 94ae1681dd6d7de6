package dev.lockstep.cutover.watch;

import dev.lockstep.cutover.watch.Sample.Client;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** By the list of processes; MySQL also counts what it refused to whom, MariaDB does not. */
final class MySqlClients implements Clients {

    private static final String SESSIONS = """
            select p.host, p.user from %s p
            where p.id <> connection_id() and p.user <> ? and p.user not in ('system user', 'event_scheduler', 'unauthenticated user', 'mariadb.sys')
              and p.user not like 'mysql.%%' and p.command not like 'Binlog Dump%%' and p.command <> 'Daemon'
            """;

    /** ER_OPTION_PREVENTS_STATEMENT (read_only), ER_READ_ONLY_MODE. */
    private static final String REFUSED = """
            select e.host, e.user, sum(e.sum_error_raised) from performance_schema.events_errors_summary_by_account_by_error e
            where e.error_number in (1290, 1836) and e.user is not null and e.user <> ? group by e.host, e.user
            """;

    private final String user;
    private final boolean mysql;

    MySqlClients(String user, boolean mysql) {
        this.user = user;
        this.mysql = mysql;
    }

    @Override
    public Sample look(Connection connection) throws SQLException {
        String processes = mysql ? "performance_schema.processlist" : "information_schema.processlist";
        Map<Client, Integer> sessions = new HashMap<>();
        try (var query = connection.prepareStatement(SESSIONS.formatted(processes))) {
            query.setString(1, user);
            try (var rows = query.executeQuery()) {
                while (rows.next())
                    sessions.merge(Clients.client(rows.getString(1), rows.getString(2)), 1, Integer::sum);
            }
        }
        return new Sample(sessions, mysql ? Optional.of(refused(connection)) : Optional.empty());
    }

    private Map<Client, Long> refused(Connection connection) throws SQLException {
        Map<Client, Long> refused = new HashMap<>();
        try (var query = connection.prepareStatement(REFUSED)) {
            query.setString(1, user);
            try (var rows = query.executeQuery()) {
                while (rows.next())
                    refused.merge(Clients.client(rows.getString(1), rows.getString(2)), rows.getLong(3), Long::sum);
            }
        }
        return refused;
    }
}
