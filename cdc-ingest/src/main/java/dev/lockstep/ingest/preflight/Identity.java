package dev.lockstep.ingest.preflight;

import dev.lockstep.schemas.migration.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;

/** What tells one database from every other, whatever host name leads to it. */
final class Identity {

    private Identity() {}

    static String of(Endpoint endpoint, Connection connection) throws SQLException {
        String query =
                switch (endpoint.dialect().engine()) {
                    case "postgresql" ->
                        "select 'postgresql ' || system_identifier || ' ' || current_database() from pg_control_system()";
                    // a whole server: its databases share Lockstep's own, and the fence
                    case "mysql" -> "select concat('mysql server ', @@server_uuid)";
                    default -> "select concat('mariadb server ', @@hostname, ' ', @@port, ' ', @@datadir)";
                };
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
