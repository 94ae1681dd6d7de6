package dev.lockstep.schemas.table;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** MySQL 8.0 and later, and MariaDB 10.6 and later: one family with two drivers and a few words that differ. */
public final class MySqlDialect implements Dialect {

    static final MySqlDialect MYSQL = new MySqlDialect("mysql");
    static final MySqlDialect MARIADB = new MySqlDialect("mariadb");

    /** MariaDB's JSON is longtext with a check; its catalog tells them apart by that check alone. */
    private static final String COLUMNS = """
            select c.table_schema, c.table_name, c.column_name, c.column_type, c.is_nullable = 'YES',
                   c.extra like '%%GENERATED%%' and c.extra not like '%%DEFAULT_GENERATED%%', coalesce(k.ordinal_position, 0), c.data_type, %s, c.character_set_name
            from information_schema.columns c
            join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
            left join information_schema.key_column_usage k on k.table_schema = c.table_schema and k.table_name = c.table_name
              and k.column_name = c.column_name and k.constraint_name = 'PRIMARY'
            where c.table_schema not in ('mysql', 'sys', 'information_schema', 'performance_schema', 'lockstep')
            order by c.table_schema, c.table_name, c.ordinal_position
            """;

    private static final String MARIADB_IS_JSON = """
            exists (select 1 from information_schema.check_constraints x where x.constraint_schema = c.table_schema
              and x.table_name = c.table_name and x.check_clause = concat('json_valid(`', c.column_name, '`)'))""";

    private final String engine;

    private MySqlDialect(String engine) {
        this.engine = engine;
    }

    @Override
    public String engine() {
        return engine;
    }

    private boolean isMariaDb() {
        return this == MARIADB;
    }

    @Override
    public String quote(String identifier) {
        return '`' + identifier.replace("`", "``") + '`';
    }

    @Override
    public Properties connectionProperties() {
        Properties properties = new Properties();
        if (isMariaDb()) {
            properties.setProperty("sessionVariables", "time_zone='+00:00'");
            properties.setProperty("useAffectedRows", "false");
        } else {
            properties.setProperty("connectionTimeZone", "UTC");
            properties.setProperty("forceConnectionTimeZoneToSession", "true");
            properties.setProperty("useAffectedRows", "false");
            properties.setProperty("allowPublicKeyRetrieval", "true");
            properties.setProperty("tinyInt1isBit", "false");
            // else the driver decodes latin1 by itself, and puts question marks for five of its octets
            properties.setProperty("characterSetResults", "UTF-8");
        }
        return properties;
    }

    @Override
    public String createSchema(String schema) {
        return "create database if not exists " + quote(schema) + " character set utf8mb4 collate utf8mb4_bin";
    }

    @Override
    public List<String> writerSession(boolean referential) {
        // dates that no calendar has are carried as they are, where both sides can hold them
        String mode =
                "set session sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION,ALLOW_INVALID_DATES'";
        return referential ? List.of(mode) : List.of(mode, "set session foreign_key_checks = 0");
    }

    @Override
    public List<Table> readTables(Connection connection) throws SQLException {
        String columns = COLUMNS.formatted(isMariaDb() ? MARIADB_IS_JSON : "c.data_type = 'json'");
        return Catalog.read(
                connection,
                columns,
                row -> new Catalog.Line(
                        new TableId(row.getString(1), row.getString(2)),
                        new Column(row.getString(3), row.getString(4), kind(row), row.getBoolean(5), row.getBoolean(6)),
                        row.getInt(7)));
    }

    private static @Nullable Kind kind(ResultSet row) throws SQLException {
        if (row.getBoolean(9)) return Kind.JSON;
        Kind kind = kind(row.getString(8), row.getString(4));
        String charset = row.getString(10);
        boolean isText = kind == Kind.PADDED_TEXT
                || (kind == Kind.TEXT && !row.getString(4).matches("(enum|set)\\(.*"));
        return isText && MySqlCharset.of(String.valueOf(charset)).isEmpty() ? null : kind;
    }

    private static @Nullable Kind kind(String dataType, String columnType) {
        return switch (dataType) {
            case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "year" -> Kind.NUMBER;
            case "bit" -> columnType.equals("bit(1)") ? Kind.NUMBER : Kind.BITS;
            case "float" -> Kind.FLOAT;
            case "double" -> Kind.DOUBLE;
            case "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set" -> Kind.TEXT;
            case "char" -> Kind.PADDED_TEXT;
            case "uuid" -> Kind.UUID;
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> Kind.BINARY;
            case "date" -> Kind.DATE;
            case "time" -> Kind.TIME;
            case "datetime" -> Kind.LOCAL_TIMESTAMP;
            case "timestamp" -> Kind.INSTANT;
            case "json" -> Kind.JSON;
            case "geometry",
                    "point",
                    "linestring",
                    "polygon",
                    "multipoint",
                    "multilinestring",
                    "multipolygon",
                    "geomcollection",
                    "geometrycollection" -> Kind.GEOMETRY;
            default -> null;
        };
    }

    @Override
    public String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
