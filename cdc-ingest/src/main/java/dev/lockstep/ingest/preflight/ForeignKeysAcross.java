package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Finding.fail;

import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tables that a foreign key ties must share a lane: between two lanes a child could come before its parent. */
final class ForeignKeysAcross {

    private ForeignKeysAcross() {}

    static void check(Database database, Connection connection, List<TableMapping> tables, List<Finding> findings)
            throws SQLException {
        if (tables.stream().mapToInt(TableMapping::lane).distinct().count() < 2) return;
        Map<TableId, TableMapping> byName = new HashMap<>();
        for (TableMapping table : tables) byName.put(database.side().nameOf(table), table);
        for (TableMapping child : tables)
            for (var key : parents(database, connection, child).entrySet()) {
                TableMapping parent = byName.get(key.getValue());
                if (parent == null || parent.lane() == child.lane()) continue;
                findings.add(fail(
                        child.source().toString(),
                        "foreign key " + key.getKey() + " ties it (lane " + child.lane() + ") to " + parent.source()
                                + " (lane " + parent.lane() + "); between lanes a child may come before its parent",
                        "put both into one group under lanes"));
            }
    }

    /** The tables that a table's foreign keys name, by key. */
    private static Map<String, TableId> parents(Database database, Connection connection, TableMapping table)
            throws SQLException {
        TableId child = database.side().nameOf(table);
        boolean schemas = database.isPostgres();
        Map<String, TableId> parents = new HashMap<>();
        try (var keys = connection
                .getMetaData()
                .getImportedKeys(schemas ? null : child.schema(), schemas ? child.schema() : null, child.name())) {
            while (keys.next())
                parents.put(
                        keys.getString("FK_NAME"),
                        new TableId(
                                keys.getString(schemas ? "PKTABLE_SCHEM" : "PKTABLE_CAT"),
                                keys.getString("PKTABLE_NAME")));
        }
        return parents;
    }
}
