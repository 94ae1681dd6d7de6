package dev.lockstep.cutover.fence;

import dev.lockstep.schemas.migration.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Counts both servers' connections: those that must move, and those for which there is room. */
public final class Connections {

    /** Who may not see others' sessions is shown their rows without names: those count. */
    private static final String POSTGRES_IN_USE = """
            select count(*) from pg_stat_activity
            where datname = current_database() and coalesce(backend_type, 'client backend') = 'client backend'
              and coalesce(usename, '') <> current_user and coalesce(application_name, '') <> 'lockstep'
            """;

    private static final String POSTGRES_FREE = """
            select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
              - coalesce(current_setting('reserved_connections', true)::int, 0)
              - (select count(*) from pg_stat_activity where coalesce(backend_type, 'client backend') = 'client backend')
            """;

    private static final String MYSQL_IN_USE = """
            select count(*) from information_schema.processlist
            where user not in ('system user', 'event_scheduler', 'unauthenticated user', 'mariadb.sys')
              and user not like 'mysql.%' and command not like 'Binlog Dump%' and command <> 'Daemon'
              and user <> substring_index(current_user(), '@', 1)
            """;

    private static final String MYSQL_FREE =
            "select @@global.max_connections - (select count(*) from information_schema.processlist where command <> 'Daemon')";

    private Connections() {}

    /** Those of others, which a fence ends: on MySQL and MariaDB of the whole server. */
    public static long inUse(Endpoint server) throws SQLException {
        return ask(server, POSTGRES_IN_USE, MYSQL_IN_USE);
    }

    /** How many more the server takes from those who are no administrators. */
    public static long free(Endpoint server) throws SQLException {
        return ask(server, POSTGRES_FREE, MYSQL_FREE);
    }

    private static long ask(Endpoint server, String postgres, String mysql) throws SQLException {
        try (Connection connection = new Server(server, Duration.ZERO).connect()) {
            String sql = server.dialect().engine().equals("postgresql") ? postgres : mysql;
            return Sql.first(connection, row -> row.getLong(1), sql).orElseThrow(() -> new SQLException("no answer"));
        }
    }
}
