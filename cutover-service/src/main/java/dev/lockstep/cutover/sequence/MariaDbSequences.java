package dev.lockstep.cutover.sequence;

import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** MariaDB's {@code create sequence}; MySQL has none. */
record MariaDbSequences(Dialect dialect) {

    private static final String SEQUENCES = "select table_name from information_schema.tables"
            + " where table_type = 'SEQUENCE' and table_schema = ? order by 1";

    Map<TableId, Long> next(Connection connection, String schema) throws SQLException {
        Map<TableId, Long> next = new LinkedHashMap<>();
        for (List<String> found : Engine.rows(connection, SEQUENCES, schema)) {
            TableId sequence = new TableId(schema, found.get(0));
            next.put(sequence, next(connection, sequence));
        }
        return next;
    }

    /** What a session has cached of it is left out. */
    private long next(Connection connection, TableId sequence) throws SQLException {
        return Engine.number(connection, "select next_not_cached_value from " + dialect.quote(sequence));
    }

    /** The server itself takes no number that is not beyond its own. */
    void advance(Connection connection, TableId sequence, long next) throws SQLException {
        Engine.rows(connection, "select setval(" + dialect.quote(sequence) + ", " + next + ", 0)");
    }
}
