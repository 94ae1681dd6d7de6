package dev.lockstep.cutover.fence;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/**
 * What an operator's command may look like, of a service that has a superuser. Arguments: JDBC URL, its user, the database, Lockstep's user, the
 * verb.
 */
final class FenceScript {

    private static final String OTHERS = """
            from pg_stat_activity where datname = '%s' and usename <> '%s' and pid <> pg_backend_pid()
            and backend_type = 'client backend'
            """;

    private FenceScript() {}

    public static void main(String[] arguments) throws SQLException {
        try (Connection admin = DriverManager.getConnection(arguments[0], arguments[1], "")) {
            System.exit(run(admin, arguments[2], arguments[3], arguments[4]));
        }
    }

    private static int run(Connection admin, String database, String lockstep, String verb) throws SQLException {
        String alter = "alter database " + database;
        switch (verb) {
            case "stop" -> {
                Sql.run(admin, alter + " set default_transaction_read_only = on");
                end(admin, OTHERS.formatted(database, lockstep));
            }
            case "allow" -> {
                Sql.run(admin, alter + " reset default_transaction_read_only");
                end(admin, OTHERS.formatted(database, lockstep));
            }
            default -> {
                return Sql.first(
                                        admin,
                                        row -> row.getInt(1),
                                        "select 1 from pg_db_role_setting r join pg_database d on d.oid = r.setdatabase"
                                                + " where d.datname = ? and r.setrole = 0",
                                        database)
                                .isPresent()
                        ? 0
                        : 1;
            }
        }
        return 0;
    }

    private static void end(Connection admin, String others) throws SQLException {
        Deadline deadline = Deadline.in(Duration.ofSeconds(4));
        int clean = 0;
        while (clean < 3 && deadline.pause(Duration.ofMillis(20))) {
            Sql.list(admin, row -> row.getBoolean(1), "select pg_terminate_backend(pid) " + others);
            boolean gone = Sql.list(admin, row -> row.getInt(1), "select pid " + others)
                    .isEmpty();
            clean = gone ? clean + 1 : 0;
        }
    }
}
