package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Finding.warn;

import dev.lockstep.schemas.table.CascadingKey;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A cascade that is made on the target looks for a parent's rows there: without an index it reads the whole table each time. */
final class ChildIndexes {

    private ChildIndexes() {}

    static void check(Database target, Connection connection, List<TableMapping> tables, List<Finding> findings)
            throws SQLException {
        for (TableMapping table : tables)
            for (CascadingKey key : table.cascades()) {
                List<String> columns = key.columns().stream()
                        .map(column ->
                                table.columns().get(table.indexOf(column)).targetName())
                        .toList();
                if (firstColumns(target, connection, table.target()).stream().anyMatch(columns::contains)) continue;
                findings.add(warn(
                        "target " + table.target(),
                        "has no index that begins with " + columns + ": each change of " + key.parent()
                                + " that cascades reads the whole table",
                        "create index on " + target.endpoint().dialect().quote(table.target()) + " ("
                                + String.join(", ", columns) + ")"));
            }
    }

    private static Set<String> firstColumns(Database target, Connection connection, TableId table) throws SQLException {
        boolean schemas = target.isPostgres();
        Set<String> first = new HashSet<>();
        try (var indexes = connection
                .getMetaData()
                .getIndexInfo(
                        schemas ? null : table.schema(), schemas ? table.schema() : null, table.name(), false, true)) {
            while (indexes.next())
                if (indexes.getInt("ORDINAL_POSITION") == 1) first.add(indexes.getString("COLUMN_NAME"));
        }
        return first;
    }
}
