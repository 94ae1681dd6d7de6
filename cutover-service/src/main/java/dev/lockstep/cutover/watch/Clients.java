package dev.lockstep.cutover.watch;

import dev.lockstep.cutover.watch.Sample.Client;
import dev.lockstep.schemas.migration.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;

/** Asks a server who its clients are. */
interface Clients {

    /** PostgreSQL: of the one database. MySQL and MariaDB: of the whole server, as the fence is. */
    static Clients of(Endpoint endpoint) {
        return switch (endpoint.dialect().engine()) {
            case "postgresql" -> new PostgresClients();
            case "mysql" -> new MySqlClients(endpoint.user(), true);
            default -> new MySqlClients(endpoint.user(), false);
        };
    }

    /**
     * @throws SQLException if the server cannot be asked
     */
    Sample look(Connection connection) throws SQLException;

    /** Hosts as MySQL and MariaDB spell them have the port behind the last colon, those of sockets none. */
    static Client client(String host, String user) {
        int port = host.lastIndexOf(':');
        String address = port < 0 ? host : host.substring(0, port);
        return new Client(address.isEmpty() || address.equals("localhost") ? "local" : address, user);
    }
}
