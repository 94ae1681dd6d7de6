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

    /**
     * @param scheme of the JDBC URL
     * @throws LogLostException if changes that were not read are gone
     */
    static void check(String scheme, Configuration config, @Nullable SourceTaskContext context) {
        if (context == null) return;
        Map<String, Object> offset =
                context.offsetStorageReader().offset(Map.of("server", config.getString("topic.prefix")));
        if (offset == null || offset.get("file") == null) return;
        try (Connection connection = connect(scheme, config)) {
            String lost = lost(scheme, connection, String.valueOf(offset.get("file")), gtids(offset));
            if (!lost.isEmpty()) throw new LogLostException(lost);
        } catch (SQLException e) {
            LOG.warn("the binlog's reach is not known; the connector finds out: error={}", e.getMessage());
        }
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

    /** MariaDB: in some domain what was read ends before the oldest file begins. */
    static boolean isBehind(String read, String oldest) {
        Map<String, Long> ends = ends(read);
        return ends(oldest).entrySet().stream()
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
