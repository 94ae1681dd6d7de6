package dev.lockstep.ingest.preflight;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a server says of itself, by name: gathered first, so that what follows from it is decided without one.
 *
 * @param side {@code source} or {@code target}
 * @param user whom Lockstep comes as, quoted
 * @param values each one's lines; none where the server has no answer
 */
record Facts(String side, String user, Map<String, List<String>> values) {

    /** Asks each query; the first column of each row is a line. */
    static Facts gather(String side, String user, Connection connection, Map<String, String> queries)
            throws SQLException {
        Map<String, List<String>> values = new HashMap<>();
        for (var query : queries.entrySet()) values.put(query.getKey(), lines(connection, query.getValue()));
        return new Facts(side, user, values);
    }

    private static List<String> lines(Connection connection, String query) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            while (rows.next()) if (rows.getString(1) != null) lines.add(rows.getString(1));
        }
        return lines;
    }

    Facts with(Facts more) {
        Map<String, List<String>> all = new HashMap<>(values);
        all.putAll(more.values());
        return new Facts(side, user, all);
    }

    List<String> list(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** The one line; empty where there is none. */
    String text(String name) {
        return list(name).isEmpty() ? "" : list(name).get(0);
    }

    long number(String name) {
        return text(name).isEmpty() ? 0 : Math.round(Double.parseDouble(text(name)));
    }

    boolean is(String name) {
        return text(name).matches("(?i)t|true|1|on|yes");
    }
}
