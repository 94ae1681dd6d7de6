package dev.lockstep.ingest.preflight;

import dev.lockstep.ingest.preflight.TableFacts.Collation;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;

/** PostgreSQL's. A partitioned table's log is its partitions': each has a replica identity and a persistence of its own. */
final class PostgresCatalog extends TableCatalog {

    private static final String UNIQUE_KEYS = """
            select n.nspname, c.relname, i.indexrelid::text, a.attname
            from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
            cross join lateral unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) with ordinality k(attnum, place)
            join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
            where c.relkind in ('r', 'p') and i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null
              and not exists (select from pg_attribute x where x.attrelid = c.oid
                and x.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1]) and not x.attnotnull)
            order by not i.indisprimary, i.indexrelid, k.place
            """;

    private static final String DEMANDING = """
            select n.nspname, c.relname, a.attname
            from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
            join pg_type t on t.oid = a.atttypid
            where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and (a.attnotnull or t.typnotnull) and not a.atthasdef
              and a.attidentity = '' and t.typdefault is null
            """;

    /** Per leaf: itself, or each partition at the bottom of the tree. */
    private static final String LEAVES = """
            select n.nspname, c.relname, l.relreplident::text, l.relpersistence::text,
              case l.relreplident when 'f' then null else array(
                select a.attname::text from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
                where i.indrelid = l.oid and (l.relreplident = 'd' and i.indisprimary or l.relreplident = 'i' and i.indisreplident)) end
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            join pg_class l on l.oid = c.oid and c.relkind = 'r'
              or c.relkind = 'p' and l.oid in (select t.relid from pg_partition_tree(c.oid) t where t.isleaf)
            where not c.relispartition
            """;

    private static final String FAMILY = """
            select n.nspname, c.relname, i.inhrelid::regclass::text
            from pg_inherits i join pg_class c on c.oid = i.inhparent join pg_namespace n on n.oid = c.relnamespace
            join pg_class child on child.oid = i.inhrelid
            where c.relkind = 'r' and not child.relispartition
            """;

    /** Ours is a replica's session: only these fire in it. */
    private static final String TRIGGERS = """
            select n.nspname, c.relname, t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
            where not t.tgisinternal and t.tgenabled in ('A', 'R')
            """;

    private static final String COLLATIONS = """
            select n.nspname, c.relname, a.attname, l.collname
            from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
            left join pg_collation l on l.oid = a.attcollation
            join pg_type t on t.oid = a.atttypid
            where c.relkind in ('r', 'p') and not a.attisdropped and (l.collisdeterministic = false or t.typname = 'citext')
            """;

    /** Who publishes a table owns it; a policy that hides rows from us would make a copy of a part. */
    private static final String LACKING = """
            select n.nspname, c.relname, 'is owned by ' || quote_ident(pg_get_userbyid(c.relowner)) || ', and only who owns a table may publish it'
                || ' and have its triggers rest: grant ' || quote_ident(pg_get_userbyid(c.relowner)) || ' to ' || quote_ident(current_user)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and not pg_has_role(c.relowner, 'usage')
            union all
            select n.nspname, c.relname, 'hides rows from Lockstep by row security: alter role ' || quote_ident(current_user) || ' bypassrls'
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and c.relrowsecurity and row_security_active(c.oid)
            union all
            select n.nspname, c.relname, 'is in schema ' || n.nspname || ', which Lockstep may not look into: grant usage on schema '
                || quote_ident(n.nspname) || ' to ' || quote_ident(current_user)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and not has_schema_privilege(n.oid, 'usage')
            """;

    PostgresCatalog(Connection connection) {
        super(connection);
    }

    @Override
    void gather() throws SQLException {
        each(UNIQUE_KEYS, (table, row) -> addTo(table.uniqueKeys, row.getString(3), row.getString(4)));
        each(DEMANDING, (table, row) -> table.demanding.add(row.getString(3)));
        each(LEAVES, (table, row) -> {
            if (row.getString(4).equals("u")) table.storage = "unlogged";
            table.logged = both(table.logged, identity(row));
        });
        each(FAMILY, (table, row) -> table.family.add(row.getString(3)));
        each(TRIGGERS, (table, row) -> table.triggers.add(row.getString(3)));
        each(COLLATIONS, (table, row) -> {
            String name = row.getString(4) == null ? "citext" : row.getString(4);
            table.collations.put(row.getString(3), new Collation(name, true, false));
        });
        each(LACKING, (table, row) -> table.lacking.add(row.getString(3)));
    }

    private static @org.jspecify.annotations.Nullable Set<String> identity(ResultSet row) throws SQLException {
        Array columns = row.getArray(5);
        return columns == null ? null : Set.of((String[]) columns.getArray());
    }
}
