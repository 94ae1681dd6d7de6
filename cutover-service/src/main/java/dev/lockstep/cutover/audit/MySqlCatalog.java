package dev.lockstep.cutover.audit;

import dev.lockstep.schemas.table.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** That of MySQL and MariaDB, which leaves out what a user has no right to, and says nothing of it. */
final class MySqlCatalog implements Catalog {

    private static final String TABLES = """
            select table_schema, table_name from information_schema.tables
            where table_schema = ? and table_type in ('BASE TABLE', 'SYSTEM VERSIONED')
            """;

    private static final String VIEWS =
            "select table_schema, table_name from information_schema.views where table_schema = ?";

    private static final String ROUTINES = """
            select routine_schema, routine_name from information_schema.routines
            where routine_schema = ? and routine_type = '%s'
            """;

    private static final String TRIGGERS = """
            select event_object_schema, event_object_table, trigger_name from information_schema.triggers
            where event_object_schema = ?
            """;

    private static final String EVENTS =
            "select event_schema, event_name from information_schema.events where event_schema = ?";

    /** Without the one that every server has, and the server's own. */
    private static final String USERS = """
            select distinct user from mysql.user
            where user not in ('', 'root', 'PUBLIC', 'mariadb.sys') and user not like 'mysql.%'
              and user <> substring_index(current_user(), '@', 1)
            """;

    /** Who else reads the log now. */
    private static final String REPLICAS = """
            select distinct user from information_schema.processlist
            where command like 'Binlog Dump%' and user <> substring_index(current_user(), '@', 1)
            """;

    /** What a user must hold to be shown all of a kind. */
    private static final Map<String, String> RIGHTS = Map.of(
            Item.TABLE,
            "SELECT",
            "view",
            "SHOW VIEW",
            "function",
            "EXECUTE",
            "procedure",
            "EXECUTE",
            "trigger",
            "TRIGGER",
            "event",
            "EVENT");

    private static final String IS_HELD = """
            select 1 from information_schema.user_privileges where grantee = %1$s and privilege_type = ?
            union all
            select 1 from information_schema.schema_privileges where grantee = %1$s and privilege_type = ? and ? like table_schema
            """.formatted("concat('''', replace(current_user(), '@', '''@'''), '''')");

    private final Dialect dialect;

    MySqlCatalog(Dialect dialect) {
        this.dialect = dialect;
    }

    @Override
    public List<Query> queries() {
        return List.of(
                new Query(Item.TABLE, TABLES),
                new Query("view", VIEWS),
                new Query("function", ROUTINES.formatted("FUNCTION")),
                new Query("procedure", ROUTINES.formatted("PROCEDURE")),
                new Query("trigger", TRIGGERS),
                new Query("event", EVENTS),
                new Query("user", USERS),
                new Query("replica", REPLICAS));
    }

    @Override
    public Optional<String> hidden(Connection connection, Query query, String schema) throws SQLException {
        String right = RIGHTS.get(query.kind());
        if (right == null) return Optional.empty();
        try (var statement = connection.prepareStatement(IS_HELD)) {
            statement.setString(1, right);
            statement.setString(2, right);
            statement.setString(3, schema);
            try (var rows = statement.executeQuery()) {
                if (rows.next()) return Optional.empty();
                return Optional.of("the server shows Lockstep's user none of others'; there: grant "
                        + right.toLowerCase(Locale.ROOT) + " on " + dialect.quote(schema) + ".* to it");
            }
        }
    }

    @Override
    public boolean isAbsent(SQLException e) {
        return false;
    }
}
