package dev.lockstep.ingest.preflight;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * PostgreSQL leaves an unchanged value out of its log where it is stored apart from its row (TOAST, past about 2 kB a row), unless the
 * table's replica identity is FULL. Capture stops at such a change rather than to make up a value.
 */
final class ReplicaIdentity {

    private static final String AT_RISK = """
            select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and c.relreplident <> 'f' and exists (
              select from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attstorage <> 'p' and a.attlen = -1)
            """;

    private ReplicaIdentity() {}

    static void check(
            String side,
            Endpoint endpoint,
            Connection connection,
            List<TableMapping> tables,
            Function<TableMapping, TableId> id,
            List<Finding> findings)
            throws SQLException {
        if (!endpoint.dialect().engine().equals("postgresql")) return;
        Set<TableId> atRisk = new HashSet<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(AT_RISK)) {
            while (rows.next()) atRisk.add(new TableId(rows.getString(1), rows.getString(2)));
        }
        for (TableMapping table : tables)
            if (atRisk.contains(id.apply(table)))
                findings.add(new Finding(
                        Finding.Level.WARN,
                        side + " " + id.apply(table),
                        "a change to a row of more than about 2 kB may leave values out of the log, and would stop the capture",
                        "alter table " + endpoint.dialect().quote(id.apply(table)) + " replica identity full"));
    }
}
