package dev.lockstep.ingest.preflight;

import dev.lockstep.ingest.preflight.TableFacts.Collation;
import dev.lockstep.schemas.table.TableId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;

/** MySQL's and MariaDB's. Their log has whole rows, or preflight fails for the server. */
final class MySqlCatalog extends TableCatalog {

    private static final String USERS =
            " not in ('mysql', 'sys', 'information_schema', 'performance_schema', 'lockstep')";

    /** A part of a column (a prefix) tells rows apart less well than the column. */
    private static final String UNIQUE_KEYS = """
            select s.table_schema, s.table_name, s.index_name, s.column_name from information_schema.statistics s
            where s.non_unique = 0 and s.table_schema %s
              and not exists (select 1 from information_schema.statistics p where p.table_schema = s.table_schema and p.table_name = s.table_name
                and p.index_name = s.index_name and (p.sub_part is not null or p.column_name is null or p.nullable = 'YES'))
            order by s.table_schema, s.table_name, s.index_name <> 'PRIMARY', s.index_name, s.seq_in_index
            """.formatted(USERS);

    private static final String DEMANDING = """
            select table_schema, table_name, column_name from information_schema.columns
            where is_nullable = 'NO' and column_default is null and extra not like '%%auto_increment%%' and extra not like '%%GENERATED%%'
              and table_schema %s
            """.formatted(USERS);

    private static final String ENGINES = """
            select table_schema, table_name, engine from information_schema.tables
            where table_type = 'BASE TABLE' and engine not in ('InnoDB', 'RocksDB', 'ROCKSDB') and table_schema %s
            """.formatted(USERS);

    private static final String TRIGGERS = """
            select event_object_schema, event_object_table, trigger_name from information_schema.triggers where event_object_schema %s
            """.formatted(USERS);

    private static final String CASCADES = """
            select r.constraint_schema, r.table_name, r.constraint_name, r.unique_constraint_schema, r.referenced_table_name, r.delete_rule, r.update_rule,
              k.column_name, k.referenced_column_name
            from information_schema.referential_constraints r join information_schema.key_column_usage k
              on k.constraint_schema = r.constraint_schema and k.table_name = r.table_name and k.constraint_name = r.constraint_name
            where (r.delete_rule in ('CASCADE', 'SET NULL', 'SET DEFAULT') or r.update_rule in ('CASCADE', 'SET NULL', 'SET DEFAULT'))
              and r.constraint_schema %s
            order by r.constraint_schema, r.table_name, r.constraint_name, k.ordinal_position
            """.formatted(USERS);

    private static final String COLLATIONS = """
            select table_schema, table_name, column_name, collation_name from information_schema.columns
            where collation_name is not null and table_schema %s
            """.formatted(USERS);

    private final boolean mariaDb;

    MySqlCatalog(Connection connection, boolean mariaDb) {
        super(connection);
        this.mariaDb = mariaDb;
    }

    @Override
    void gather() throws SQLException {
        each(UNIQUE_KEYS, (table, row) -> addTo(table.uniqueKeys, row.getString(3), row.getString(4)));
        each(DEMANDING, (table, row) -> table.demanding.add(row.getString(3)));
        each(ENGINES, (table, row) -> table.storage = row.getString(3));
        each(TRIGGERS, (table, row) -> table.triggers.add(row.getString(3)));
        each(CASCADES, MySqlCatalog::cascade);
        each(COLLATIONS, (table, row) -> {
            Collation collation = collation(row.getString(4), mariaDb);
            if (collation.caseBlind() || collation.padding()) table.collations.put(row.getString(3), collation);
        });
    }

    /** A row for each column of the key. */
    private static void cascade(Draft table, ResultSet row) throws SQLException {
        TableId child = new TableId(row.getString(1), row.getString(2));
        TableId parent = new TableId(row.getString(4), row.getString(5));
        String onDelete = row.getString(6);
        String onUpdate = row.getString(7);
        Cascade cascade = table.cascades.computeIfAbsent(
                row.getString(3),
                name -> new Cascade(child, name, new ArrayList<>(), parent, new ArrayList<>(), onDelete, onUpdate));
        cascade.columns().add(row.getString(8));
        cascade.keys().add(row.getString(9));
    }

    /**
     * By its name, as both engines name them: {@code _ci} and {@code _ai} take some texts for one. MariaDB pads unless it says
     * {@code nopad}; MySQL's newer ones ({@code _0900_}, and {@code binary}) do not.
     */
    static Collation collation(String name, boolean mariaDb) {
        boolean binary = name.equals("binary");
        boolean noPad = mariaDb ? name.contains("nopad") : name.contains("_0900_");
        boolean exact = binary || name.endsWith("_bin") || name.endsWith("_as_cs");
        return new Collation(name, !exact, !binary && !noPad);
    }
}
