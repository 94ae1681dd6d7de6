package dev.lockstep.cutover.fence;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whom the fence has closed by name, in {@code lockstep.fenced} from before it is raised until it is wholly lowered: the migration file may
 * not name them any more by then.
 */
enum Kept {
    /** Cannot log in. */
    ACCOUNT,
    /** Has read-only sessions by a setting of its own. */
    ROLE;

    private String kind() {
        return name().toLowerCase(Locale.ROOT);
    }

    static boolean isPrepared(Connection connection) throws SQLException {
        return Sql.first(
                        connection,
                        row -> row.getInt(1),
                        "select 1 from information_schema.tables where table_schema = 'lockstep' and table_name = 'fenced'")
                .isPresent();
    }

    Set<String> names(Connection connection) throws SQLException {
        if (!isPrepared(connection)) return Set.of();
        return new TreeSet<>(Sql.list(
                connection, row -> row.getString(1), "select name from lockstep.fenced where kind = ?", kind()));
    }

    void add(Connection connection, List<String> names) throws SQLException {
        Set<String> known = names(connection);
        for (String name : names)
            if (!known.contains(name))
                Sql.update(connection, "insert into lockstep.fenced (kind, name) values (?, ?)", kind(), name);
    }

    static void clear(Connection connection) throws SQLException {
        if (isPrepared(connection)) Sql.update(connection, "delete from lockstep.fenced");
    }
}
