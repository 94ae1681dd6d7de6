package dev.lockstep.cutover.sequence;

import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sequences: those that a column owns (serial, identity) count for it, the others for themselves. */
record PostgresSequences(Dialect dialect) implements Engine {

    private static final String OWNED = """
            select a.attname, n.nspname, c.relname
            from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            join pg_class c on c.oid = d.objid join pg_namespace n on n.oid = c.relnamespace
            where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
              and c.relkind = 'S' and d.refobjid = ?::regclass
            order by a.attnum
            """;

    private static final String LOOSE = """
            select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'S' and n.nspname = ? and not exists (select from pg_depend d
              where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i') and d.refobjsubid > 0)
            order by 2
            """;

    @Override
    public Map<String, Long> ofTable(Connection connection, TableId table) throws SQLException {
        Map<String, Long> next = new LinkedHashMap<>();
        for (List<String> owned : Engine.rows(connection, OWNED, dialect.quote(table)))
            next.put(owned.get(0), next(connection, new TableId(owned.get(1), owned.get(2))));
        return next;
    }

    /** Beyond what sessions have cached, too: a sequence's last value is the last that it has handed to one. */
    private long next(Connection connection, TableId sequence) throws SQLException {
        return Engine.number(
                connection,
                "select last_value + case when is_called then (select seqincrement from pg_sequence where seqrelid = "
                        + oid(sequence) + ") else 0 end from " + dialect.quote(sequence));
    }

    @Override
    public void advance(Connection connection, TableId table, String column, long next) throws SQLException {
        for (List<String> owned : Engine.rows(connection, OWNED, dialect.quote(table))) {
            if (!owned.get(0).equals(column)) continue;
            String beyondStored = "select coalesce(max(" + dialect.quote(column) + ") + 1, " + next + ") from "
                    + dialect.quote(table);
            advance(
                    connection,
                    new TableId(owned.get(1), owned.get(2)),
                    Math.max(next, Engine.number(connection, beyondStored)));
        }
    }

    @Override
    public Map<TableId, Long> ofNoTable(Connection connection, String schema) throws SQLException {
        Map<TableId, Long> next = new LinkedHashMap<>();
        for (List<String> loose : Engine.rows(connection, LOOSE, schema)) {
            TableId sequence = new TableId(loose.get(0), loose.get(1));
            next.put(sequence, next(connection, sequence));
        }
        return next;
    }

    @Override
    public void advance(Connection connection, TableId sequence, long next) throws SQLException {
        if (next(connection, sequence) < next)
            Engine.rows(connection, "select setval(" + oid(sequence) + ", " + next + ", false)");
    }

    private String oid(TableId sequence) {
        return "'" + dialect.quote(sequence).replace("'", "''") + "'::regclass";
    }
}
