package dev.lockstep.ingest.guard;

import dev.lockstep.schemas.migration.Endpoint;
import io.debezium.config.Configuration;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a server, before a task reads on, whether it still has what comes next. By GTIDs where there are any: after a failover the files
 * are other ones.
 */
final class BinlogReach {

    private static final Logger LOG = LoggerFactory.getLogger(BinlogReach.class);

    private BinlogReach() {}

    /** What a task has committed last; null: nothing. */
    static @Nullable Map<String, Object> offset(Configuration config, @Nullable SourceTaskContext context) {
        if (context == null) return null;
        return context.offsetStorageReader().offset(Map.of("server", config.getString("topic.prefix")));
    }

    /**
     * @param scheme of the JDBC URL
     * @throws LogLostException if changes that were not read are gone
     * @throws ConnectException if the server is yet to get changes that were read from another one
     */
    static void check(String scheme, Configuration config, @Nullable Map<String, Object> offset) {
        if (offset == null || offset.get("file") == null) return;
        String gtids = gtids(offset);
        try (Connection connection = connect(scheme, config)) {
            if (!gtids.isEmpty() && lacks(scheme, connection, gtids)) throw new ConnectException(lacking(gtids));
            String lost = lost(scheme, connection, String.valueOf(offset.get("file")), gtids);
            if (!lost.isEmpty()) throw new LogLostException(lost);
        } catch (SQLException e) {
            LOG.warn("the binlog's reach is not known; the connector finds out: error={}", e.getMessage());
        }
    }

    /** MySQL would go on without a word, and the target would keep changes that the source never had. */
    private static boolean lacks(String scheme, Connection connection, String gtids) throws SQLException {
        return scheme.equals("mysql")
                ? strings(connection, "select gtid_subset(?, @@global.gtid_executed)", gtids)
                        .contains("0")
                : isBehind(
                        strings(connection, "select @@global.gtid_binlog_pos").get(0), gtids);
    }

    private static String lacking(String gtids) {
        return "the server's binlog lacks changes that were read from the one before it (" + gtids
                + "): a replica that is behind, or does not log what it replicates (log_slave_updates, log_replica_updates)."
                + " If it was made the primary without them, a new copy is needed";
    }

    private static String gtids(Map<String, Object> offset) {
        Object gtids = offset.get("gtids");
        return gtids == null ? "" : gtids.toString();
    }

    private static Connection connect(String scheme, Configuration config) throws SQLException {
        String url = "jdbc:" + scheme + "://" + config.getString("database.hostname") + ":"
                + config.getString("database.port") + "/mysql";
        Properties properties = new Endpoint(url, "", null).dialect().connectionProperties();
        properties.setProperty("user", config.getString("database.user"));
        properties.setProperty("password", String.valueOf(config.getString("database.password")));
        return DriverManager.getConnection(url.replace("/mysql", "/"), properties);
    }

    private static String lost(String scheme, Connection connection, String file, String gtids) throws SQLException {
        List<String> files = strings(connection, "show binary logs");
        if (files.isEmpty()) return "";
        boolean gone = gtids.isEmpty()
                ? !files.contains(file)
                : scheme.equals("mysql")
                        ? strings(connection, "select gtid_subset(@@global.gtid_purged, ?)", gtids)
                                .contains("0")
                        : isBehind(
                                gtids,
                                strings(connection, "select binlog_gtid_pos(?, 4)", files.get(0))
                                        .get(0));
        return gone
                ? "the binlog was purged: the next change to read is behind " + file
                        + (gtids.isEmpty() ? "" : " (" + gtids + ")") + ", and the server's oldest file is "
                        + files.get(0)
                : "";
    }

    /** MariaDB: in some domain the one ends before the other. */
    static boolean isBehind(String one, String other) {
        Map<String, Long> ends = ends(one);
        return ends(other).entrySet().stream()
                .anyMatch(begin -> ends.getOrDefault(begin.getKey(), 0L) < begin.getValue());
    }

    /** {@code 0-7-42,1-7-3} by domain. */
    private static Map<String, Long> ends(String gtids) {
        Map<String, Long> ends = new HashMap<>();
        for (String gtid : gtids.split(",", -1)) {
            String[] parts = gtid.strip().split("-", -1);
            if (parts.length == 3) ends.put(parts[0], Long.parseLong(parts[2]));
        }
        return ends;
    }

    private static List<String> strings(Connection connection, String query, String... values) throws SQLException {
        List<String> found = new ArrayList<>();
        try (var statement = connection.prepareStatement(query)) {
            for (int i = 0; i < values.length; i++) statement.setString(i + 1, values[i]);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) found.add(String.valueOf(rows.getString(1)));
            }
        }
        return found;
    }
}
