package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Finding.fail;
import static dev.lockstep.ingest.preflight.Finding.pass;

import dev.lockstep.schemas.migration.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Does the server write the log that capture reads, and may we read it? */
final class LogSettings {

    private record Requirement(String variable, String wanted, String remedy) {}

    private static final List<Requirement> POSTGRES = List.of(
            new Requirement("wal_level", "logical", "alter system set wal_level = 'logical'; then restart the server"));

    private static final List<Requirement> BINLOG = List.of(
            new Requirement("log_bin", "ON|1", "start the server with --log-bin"),
            new Requirement(
                    "binlog_format", "ROW", "set global binlog_format = 'ROW'; then let the application reconnect"),
            new Requirement(
                    "binlog_row_image",
                    "FULL",
                    "set global binlog_row_image = 'FULL'; then let the application reconnect"));

    /** MySQL alone: what would leave parts of a JSON document out of the log. */
    private static final Requirement WHOLE_JSON = new Requirement(
            "binlog_row_value_options",
            "",
            "set global binlog_row_value_options = ''; then let the application reconnect");

    private static final Map<String, String> FREE_SLOTS = Map.of(
            "max_replication_slots",
            "select count(*) from pg_replication_slots",
            "max_wal_senders",
            "select count(*) from pg_stat_replication");

    private LogSettings() {}

    static void check(String side, Endpoint endpoint, Connection connection, List<Finding> findings)
            throws SQLException {
        boolean postgres = endpoint.dialect().engine().equals("postgresql");
        for (Requirement requirement : postgres ? POSTGRES : BINLOG)
            check(side, requirement, postgres, connection, findings);
        if (endpoint.dialect().engine().equals("mysql")) check(side, WHOLE_JSON, false, connection, findings);
        if (!postgres) return;
        for (var limit : FREE_SLOTS.entrySet()) free(side, limit.getKey(), limit.getValue(), connection, findings);
        mayReplicate(side, endpoint, connection, findings);
    }

    private static void check(
            String side, Requirement requirement, boolean postgres, Connection connection, List<Finding> findings)
            throws SQLException {
        String value = text(connection, (postgres ? "show " : "select @@global.") + requirement.variable());
        if (value.matches("(?i)" + requirement.wanted()))
            findings.add(pass(side, requirement.variable() + " is " + (value.isEmpty() ? "empty" : value)));
        else
            findings.add(fail(
                    side,
                    requirement.variable() + " is '" + value
                            + "', but the change log must be read in full: it must be '"
                            + requirement.wanted().replaceAll("\\|.*", "") + "'",
                    requirement.remedy()));
    }

    private static void free(String side, String limit, String used, Connection connection, List<Finding> findings)
            throws SQLException {
        long max = Long.parseLong(text(connection, "show " + limit));
        long taken = Long.parseLong(text(connection, used));
        if (max - taken >= 1) findings.add(pass(side, limit + ": " + taken + " of " + max + " taken"));
        else
            findings.add(fail(
                    side,
                    limit + ": all " + max + " are taken",
                    "alter system set " + limit + " = " + (max + 4) + "; then restart the server"));
    }

    private static void mayReplicate(String side, Endpoint endpoint, Connection connection, List<Finding> findings)
            throws SQLException {
        boolean may = text(connection, "select rolreplication or rolsuper from pg_roles where rolname = current_user")
                .startsWith("t");
        if (may) findings.add(pass(side, "user " + endpoint.user() + " may read the change log"));
        else
            findings.add(fail(
                    side,
                    "user " + endpoint.user() + " may not read the change log (no logical replication)",
                    "alter role " + endpoint.dialect().quote(endpoint.user()) + " replication"));
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            String text = row.getString(1);
            return text == null ? "" : text;
        }
    }
}
