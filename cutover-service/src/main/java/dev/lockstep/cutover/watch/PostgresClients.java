package dev.lockstep.cutover.watch;

import dev.lockstep.cutover.watch.Sample.Client;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** By {@code pg_stat_activity}; how often it refused a write to whom, PostgreSQL says in its log alone. */
final class PostgresClients implements Clients {

    /** Who may not see others' sessions gets nulls. */
    private static final String CLIENTS = """
            select case when usename is null then 'hidden; grant pg_read_all_stats' else coalesce(host(client_addr), 'local') end,
                   coalesce(usename, '?'), count(*)
            from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()
              and coalesce(usename, '') <> current_user and coalesce(application_name, '') <> 'lockstep'
              and coalesce(backend_type, 'client backend') = 'client backend'
            group by 1, 2
            """;

    @Override
    public Sample look(Connection connection) throws SQLException {
        Map<Client, Integer> sessions = new HashMap<>();
        try (var query = connection.createStatement();
                var rows = query.executeQuery(CLIENTS)) {
            while (rows.next()) sessions.put(new Client(rows.getString(1), rows.getString(2)), rows.getInt(3));
        }
        return new Sample(sessions, Optional.empty());
    }
}
