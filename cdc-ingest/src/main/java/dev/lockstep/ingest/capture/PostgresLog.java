package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A PostgreSQL database's publication and replication slot for one capture, both of one name. */
final class PostgresLog {

    private static final Duration LETTING_GO = Duration.ofSeconds(20);

    private PostgresLog() {}

    static String name(CaptureConfig capture) {
        return CaptureConfig.slot(capture.topics(), capture.side(), capture.lane());
    }

    /** Publishes the captured tables; a publication that is already there is made to match. */
    static void publish(Connection connection, CaptureConfig capture) throws SQLException {
        Dialect dialect = capture.database().dialect();
        String tables =
                ConnectorSettings.tables(capture).stream().map(dialect::quote).collect(Collectors.joining(", "));
        String name = dialect.quote(name(capture));
        boolean exists = exists(connection, "select 1 from pg_publication where pubname = ?", name(capture));
        try (var statement = connection.createStatement()) {
            statement.execute(
                    exists
                            ? "alter publication " + name + " set table " + tables
                            : "create publication " + name + " for table " + tables
                                    // a partition's changes come under its table's name, as its rows are copied
                                    + " with (publish_via_partition_root = true)");
        }
    }

    /** Every table whose log carries whole rows; of a partitioned one the partitions write it, each as it is set. */
    private static final String WHOLE = """
            select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r' and c.relreplident = 'f'
              or c.relkind = 'p' and not exists (select from pg_partition_tree(c.oid) t join pg_class l on l.oid = t.relid
                where t.isleaf and l.relreplident <> 'f')
            """;

    /** Of the captured tables those whose log carries whole rows, by id as the source names them. */
    static Set<String> tablesWithWholeBefore(Connection connection, CaptureConfig capture) throws SQLException {
        Set<TableId> full = new HashSet<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(WHOLE)) {
            while (rows.next()) full.add(new TableId(rows.getString(1), rows.getString(2)));
        }
        return capture.tables().stream()
                .filter(table -> full.contains(capture.idOf(table)))
                .map(table -> table.id())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Drops both, so that the server keeps no log for a capture that is over. Waits for the connector to let go of the slot.
     *
     * @throws SQLException if it has not in time
     */
    static void drop(Connection connection, Dialect dialect, String name) throws SQLException, InterruptedException {
        try (var statement = connection.createStatement()) {
            statement.execute("drop publication if exists " + dialect.quote(name));
            Instant deadline = Instant.now().plus(LETTING_GO);
            while (exists(connection, "select 1 from pg_replication_slots where slot_name = ? and active", name)
                    && Instant.now().isBefore(deadline)) Thread.sleep(100);
            if (exists(connection, "select 1 from pg_replication_slots where slot_name = ?", name))
                statement.execute("select pg_drop_replication_slot('" + name + "')");
        }
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (var statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (var rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }
}
