package dev.lockstep.schemas.table;

import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** PostgreSQL 14 and later. */
public final class PostgresDialect implements Dialect {

    static final PostgresDialect POSTGRES = new PostgresDialect();

    private static final String COLUMNS = """
            select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                   not a.attnotnull, a.attgenerated <> '',
                   coalesce(array_position(k.conkey, a.attnum), 0), bt.typname, bt.typtype, t.typtype = 'd',
                   case when bt.typcategory = 'A' then et.typname end, et.typtype,
                   (select array_agg(ft.typname::text) from pg_attribute f join pg_type ft on ft.oid = f.atttypid
                    where bt.typtype = 'c' and f.attrelid = bt.typrelid and f.attnum > 0 and not f.attisdropped)
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            join pg_type t on t.oid = a.atttypid
            join pg_type bt on bt.oid = case t.typtype when 'd' then t.typbasetype else t.oid end
            left join pg_type et on et.oid = bt.typelem
            left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
            where c.relkind in ('r', 'p') and not c.relispartition
              and n.nspname not in ('pg_catalog', 'information_schema', 'lockstep') and n.nspname not like 'pg_t%'
            order by 1, 2, a.attnum
            """;

    private PostgresDialect() {}

    @Override
    public String engine() {
        return "postgresql";
    }

    @Override
    public String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    @Override
    public Properties connectionProperties() {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "lockstep");
        properties.setProperty(
                "options", "-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres -c bytea_output=hex");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("logServerErrorDetail", "false"); // the detail shows rows, and messages end in logs
        return properties;
    }

    @Override
    public String createSchema(String schema) {
        return "create schema if not exists " + quote(schema);
    }

    @Override
    public List<String> writerSession(boolean referential) {
        return referential
                ? List.of("set default_transaction_read_only = off")
                : List.of("set default_transaction_read_only = off", "set session_replication_role = replica");
    }

    @Override
    public List<Table> readTables(Connection connection) throws SQLException {
        return Catalog.read(
                connection,
                COLUMNS,
                row -> new Catalog.Line(
                        new TableId(row.getString(1), row.getString(2)),
                        new Column(row.getString(3), row.getString(4), kind(row), row.getBoolean(5), row.getBoolean(6)),
                        row.getInt(7)));
    }

    private static @Nullable Kind kind(ResultSet row) throws SQLException {
        Array fields = row.getArray(13);
        return PostgresKinds.of(new PostgresKinds.Described(
                row.getString(8),
                row.getString(4),
                row.getString(9),
                row.getBoolean(10),
                row.getString(11),
                row.getString(12),
                fields == null ? null : (String[]) fields.getArray()));
    }
}
