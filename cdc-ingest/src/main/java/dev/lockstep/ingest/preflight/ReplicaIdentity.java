package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Finding.fail;

import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * PostgreSQL leaves an unchanged value out of its log where it is stored apart from its row (TOAST, past about 2 kB a row), unless the
 * table's replica identity is FULL. Capture stops at such a change rather than to make up a value.
 */
final class ReplicaIdentity {

    /**
     * A table that can hold such values has a TOAST table; a key is too short for it. A partition's identity counts, not that of
     * the whole.
     */
    private static final String AT_RISK = """
            select n.nspname, r.relname, quote_ident(pn.nspname) || '.' || quote_ident(c.relname)
            from pg_class c
            join pg_namespace pn on pn.oid = c.relnamespace
            join pg_class r on r.oid = coalesce(pg_partition_root(c.oid), c.oid)
            join pg_namespace n on n.oid = r.relnamespace
            where c.relkind = 'r' and c.relreplident <> 'f' and c.reltoastrelid <> 0 and exists (
              select from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attstorage <> 'p'
                and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any(i.indkey)))
            order by c.oid
            """;

    private ReplicaIdentity() {}

    static void check(Database database, Connection connection, List<TableMapping> tables, List<Finding> findings)
            throws SQLException {
        if (!database.isPostgres()) return;
        Map<TableId, List<String>> atRisk = new HashMap<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(AT_RISK)) {
            while (rows.next())
                atRisk.computeIfAbsent(new TableId(rows.getString(1), rows.getString(2)), t -> new ArrayList<>())
                        .add("alter table " + rows.getString(3) + " replica identity full");
        }
        for (TableMapping table : tables) {
            TableId id = database.side().nameOf(table);
            List<String> mending = atRisk.get(id);
            if (mending != null) findings.add(finding(id, database.side().label(), mending));
        }
    }

    private static Finding finding(TableId id, String side, List<String> mending) {
        return fail(
                        side + " " + id,
                        "a change to a row of more than about 2 kB may leave values out of the log: they would be missing in the target",
                        String.join("; ", mending))
                .fixedBy(side, mending.toArray(new String[0]));
    }
}
