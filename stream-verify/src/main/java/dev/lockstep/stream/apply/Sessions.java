package dev.lockstep.stream.apply;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.table.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The sessions of whichever server an address leads to. A session's name is no other's, also on a server that takes this one's place: on
 * PostgreSQL it is the process and the microsecond that it began at; on MySQL and MariaDB the session's number and the client's port, which nobody else
 * has as long as our end is open. Every user sees his own sessions.
 */
final class Sessions implements SessionWatch.Server {

    private static final String POSTGRES =
            "select pid || ' since ' || backend_start from pg_stat_activity where pid = ";
    private static final String MYSQL =
            "select concat(id, ' from ', host) from information_schema.processlist where id = ";

    private final Endpoint endpoint;
    private final Duration answer;

    /**
     * @param answer how long the server has for connecting, and for each answer
     */
    Sessions(Endpoint endpoint, Duration answer) {
        this.endpoint = endpoint;
        this.answer = answer;
    }

    /** The name of a connection's session. */
    static String own(Connection connection, Dialect dialect) throws SQLException {
        boolean postgres = dialect.engine().equals("postgresql");
        return named(connection, postgres ? POSTGRES + "pg_backend_pid()" : MYSQL + "connection_id()");
    }

    @Override
    public SessionWatch.Answer ask(String session) {
        String number = session.substring(0, session.indexOf(' '));
        String query = (endpoint.dialect().engine().equals("postgresql") ? POSTGRES : MYSQL) + number;
        try (Connection connection = endpoint.connect(answer)) {
            return named(connection, query).equals(session) ? SessionWatch.Answer.KNOWN : SessionWatch.Answer.UNKNOWN;
        } catch (SQLException e) {
            // what MySQL and MariaDB say has a code, also where the state is a connection's
            boolean away = SqlErrors.state(e).startsWith("08") && e.getErrorCode() <= 0;
            return away ? SessionWatch.Answer.NONE : SessionWatch.Answer.REFUSED;
        }
    }

    private static String named(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            return row.next() && row.getString(1) != null ? row.getString(1) : "";
        }
    }
}
