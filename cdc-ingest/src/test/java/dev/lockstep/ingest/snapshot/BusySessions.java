package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Sessions of an application that are at work until they are ended. */
final class BusySessions implements AutoCloseable {

    private static final String USER = "busy";

    private final List<Statement> statements = new ArrayList<>();

    private BusySessions() {}

    static BusySessions start(Endpoint database, Path directory, int count) throws Exception {
        boolean postgres = database.dialect().engine().equals("postgresql");
        Endpoint application = postgres ? database : otherUser(database, directory);
        BusySessions sessions = new BusySessions();
        for (int i = 0; i < count; i++) {
            Statement statement = application.connect().createStatement();
            if (postgres) statement.execute("set application_name = 'shop'");
            sessions.statements.add(statement);
            Thread thread =
                    new Thread(() -> work(statement, postgres ? "select pg_sleep(300)" : "select sleep(300)"), "busy");
            thread.setDaemon(true);
            thread.start();
        }
        return sessions;
    }

    /** On MySQL and MariaDB Lockstep's own sessions are told by their user. */
    private static Endpoint otherUser(Endpoint database, Path directory) throws Exception {
        CopiedTables.execute(database, "create user if not exists " + USER + "@'%' identified by '" + USER + "'");
        Path password = Files.writeString(directory.resolve("busy-password"), USER);
        String url = database.url().substring(0, database.url().lastIndexOf('/') + 1) + "information_schema";
        return new Endpoint(url, USER, new Secret("${file:" + password + "}"));
    }

    private static void work(Statement statement, String query) {
        try {
            statement.execute(query);
        } catch (SQLException e) {
            // ended: what the test wants
        }
    }

    void end() throws SQLException {
        for (Statement statement : statements) statement.cancel();
    }

    @Override
    public void close() throws SQLException {
        for (Statement statement : statements) {
            Connection connection = statement.getConnection();
            statement.cancel();
            connection.close();
        }
    }
}
