package dev.lockstep.cutover.sequence;

import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * MySQL's and MariaDB's counter of a table; InnoDB never sets it to what is stored already.
 *
 * @param sequences those that belong to no table
 */
record AutoIncrement(Dialect dialect, MariaDbSequences sequences) implements Engine {

    private static final String COUNTER = """
            select c.column_name, t.auto_increment from information_schema.columns c
            join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
            where c.extra like '%auto_increment%' and t.auto_increment is not null and c.table_schema = ? and c.table_name = ?
            """;

    @Override
    public Map<String, Long> ofTable(Connection connection, TableId table) throws SQLException {
        // MySQL caches this figure for a day unless told otherwise; a cutover is no time for yesterday's numbers.
        if (dialect.engine().equals("mysql")) {
            try (var statement = connection.createStatement()) {
                statement.execute("set session information_schema_stats_expiry = 0");
            }
        }
        Map<String, Long> next = new LinkedHashMap<>();
        for (List<String> counter : Engine.rows(connection, COUNTER, table.schema(), table.name()))
            next.put(counter.get(0), Long.parseLong(counter.get(1)));
        return next;
    }

    @Override
    public void advance(Connection connection, TableId table, String column, long next) throws SQLException {
        Long own = ofTable(connection, table).get(column);
        if (own == null || own >= next) return;
        try (var statement = connection.createStatement()) {
            statement.execute("alter table " + dialect.quote(table) + " auto_increment = " + next);
        }
    }

    @Override
    public Map<TableId, Long> ofNoTable(Connection connection, String schema) throws SQLException {
        return sequences.next(connection, schema);
    }

    @Override
    public void advance(Connection connection, TableId sequence, long next) throws SQLException {
        sequences.advance(connection, sequence, next);
    }
}
