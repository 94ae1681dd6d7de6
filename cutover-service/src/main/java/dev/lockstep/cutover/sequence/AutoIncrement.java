package dev.lockstep.cutover.sequence;

import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** MySQL's and MariaDB's counter of a table, which InnoDB never sets to what is stored already, and MariaDB's sequences; MySQL has none. */
record AutoIncrement(Dialect dialect) implements Engine {

    private static final String COUNTERS = """
            select t.table_name, c.column_name, t.auto_increment from information_schema.tables t
            join information_schema.columns c on c.table_schema = t.table_schema and c.table_name = t.table_name
            where c.extra like '%auto_increment%' and t.auto_increment is not null and t.table_schema = ?
            """;

    private static final String SEQUENCES = "select table_name from information_schema.tables"
            + " where table_type = 'SEQUENCE' and table_schema = ? order by 1";

    /** MySQL bounds no statement but a query by itself. */
    @Override
    public void bound(Connection connection, Duration answer) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("set session lock_wait_timeout = " + LOCK_SECONDS);
        }
    }

    /** What a session has cached of a sequence is left out. */
    @Override
    public Map<Place, Long> next(Connection connection, String schema) throws SQLException {
        // MySQL caches this figure for a day unless told otherwise; a cutover is no time for yesterday's numbers.
        if (dialect.engine().equals("mysql")) {
            try (var statement = connection.createStatement()) {
                statement.execute("set session information_schema_stats_expiry = 0");
            }
        }
        Map<Place, Long> next = new LinkedHashMap<>();
        for (List<String> counter : Engine.rows(connection, COUNTERS, schema))
            next.put(new Place(new TableId(schema, counter.get(0)), counter.get(1)), Long.parseLong(counter.get(2)));
        for (List<String> found : Engine.rows(connection, SEQUENCES, schema)) {
            TableId sequence = new TableId(schema, found.get(0));
            String query = "select next_not_cached_value from " + dialect.quote(sequence);
            next.put(
                    new Place(sequence, ""),
                    Long.parseLong(Engine.rows(connection, query).get(0).get(0)));
        }
        return next;
    }

    /**
     * A counter between what is stored and what was given out could be set back: so those that are beyond are left alone. A sequence never
     * goes back, whichever way it counts.
     */
    @Override
    public void advance(Connection connection, List<Setting> settings) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (Setting setting : settings) {
                String name = dialect.quote(setting.place().name());
                if (setting.place().column().isEmpty())
                    statement.execute("select setval(" + name + ", " + setting.next() + ", 0)");
                else if (setting.own() < setting.next())
                    statement.execute("alter table " + name + " auto_increment = " + setting.next());
            }
        }
    }
}
