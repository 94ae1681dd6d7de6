package dev.lockstep.stream.apply;

import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.testing.TestMySql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** A server with databases to apply to, looked at from outside. */
final class TargetServer implements AutoCloseable {

    private interface Databases {
        Endpoint create(String name) throws SQLException, IOException;
    }

    private final Databases databases;
    private final AutoCloseable server;

    private TargetServer(Databases databases, AutoCloseable server) {
        this.databases = databases;
        this.server = server;
    }

    static TargetServer postgres(Path directory) {
        EmbeddedPostgres server = EmbeddedPostgres.start(directory, 17, "127.0.0.1");
        return new TargetServer(
                name -> {
                    server.createDatabase(name);
                    return new Endpoint(server.url(name), server.user(), null);
                },
                server);
    }

    static TargetServer mariaDb(Path directory) {
        EmbeddedMariaDb server = EmbeddedMariaDb.start(directory, "127.0.0.1");
        return new TargetServer(
                name -> {
                    server.createDatabase(name);
                    return new Endpoint(server.url(name), server.user(), null);
                },
                server);
    }

    /** The one that {@link TestMySql} knows: one for all tests. */
    static TargetServer mySql(Path directory) {
        return new TargetServer(name -> TestMySql.database(name, directory), () -> {});
    }

    /** A new database. */
    Endpoint database(String name) throws SQLException, IOException {
        Endpoint endpoint = databases.create(name);
        // MariaDB's is one for the whole server, and so for every test on it
        if (!schema(endpoint).equals("public")) TableReads.execute(endpoint, "drop database if exists lockstep");
        return endpoint;
    }

    /** A new database with the lane's table in it. */
    Endpoint database(String name, String nameType) throws SQLException, IOException {
        Endpoint endpoint = database(name);
        TableReads.execute(
                endpoint, "create table members (id bigint primary key, name " + nameType + " unique, points integer)");
        return endpoint;
    }

    /** PostgreSQL's tables lie in a schema, MariaDB's in the database. */
    static String schema(Endpoint endpoint) {
        return endpoint.dialect().engine().equals("postgresql") ? "public" : endpoint.database();
    }

    record State(Applied applied, long barrierMicros, List<Row> rows) {}

    /** What the database shows at one moment. */
    static State state(Endpoint endpoint, Destination members) throws SQLException {
        try (Connection connection = snapshot(endpoint)) {
            List<Row> rows = TableReads.rows(connection, endpoint.dialect(), members);
            return new State(applied(connection), barrier(connection), rows);
        }
    }

    /** A connection that sees one moment. */
    static Connection snapshot(Endpoint endpoint) throws SQLException {
        Connection connection = endpoint.connect();
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        return connection;
    }

    static Applied applied(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "select next_offset, position, barrier_micros, epoch from lockstep.applied")) {
            row.next();
            return new Applied(
                    row.getLong(1),
                    dev.lockstep.schemas.message.Position.parse(row.getString(2)),
                    row.getLong(3),
                    row.getLong(4));
        }
    }

    static long barrier(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("select at_micros from lockstep.barrier")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** Ends every session on the database but this one, as an administrator or a failover does. */
    static void cutConnections(Endpoint endpoint) throws SQLException {
        boolean postgres = endpoint.dialect().engine().equals("postgresql");
        try (Connection connection = endpoint.connect();
                var statement = connection.createStatement()) {
            if (postgres) {
                statement.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where datname = current_database() and pid <> pg_backend_pid()");
                return;
            }
            try (var others = statement.executeQuery("select id from information_schema.processlist"
                            + " where db = database() and id <> connection_id()");
                    var kill = connection.createStatement()) {
                while (others.next()) kill.execute("kill " + others.getLong(1));
            } catch (SQLException e) {
                if (e.getErrorCode() != 1094) throw e; // it ended by itself
            }
        }
    }

    @Override
    public void close() throws Exception {
        server.close();
    }
}
