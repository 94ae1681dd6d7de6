package dev.lockstep.ingest.watch;

import dev.lockstep.ingest.preflight.Preflight;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.Table;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Both sides' tables as their catalogs showed them when the migration last agreed on them: of the source those that the migration
 * file's patterns match, of the target those that rows go into.
 */
public record SeenTables(List<SeenTable> source, List<SeenTable> target) {

    private static final String IDENTITIES = """
            select n.nspname, c.relname, c.oid::text || ':' || coalesce((select string_agg(a.attnum || a.attname, ',' order by a.attnum)
              from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '')
            from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p')
            """;

    /** Reads both catalogs on connections of its own. */
    public static SeenTables read(Migration migration, List<TableMapping> tables) throws SQLException {
        try (Connection source = migration.source().connect();
                Connection target = migration.target().connect()) {
            return read(migration, tables, source, target);
        }
    }

    /** Reads both catalogs. */
    public static SeenTables read(Migration migration, List<TableMapping> tables, Connection source, Connection target)
            throws SQLException {
        Set<TableId> targets = tables.stream().map(TableMapping::target).collect(Collectors.toSet());
        return new SeenTables(
                seen(migration.source(), source, () -> Preflight.wanted(migration, source)),
                seen(
                        migration.target(),
                        target,
                        () -> migration.target().dialect().readTables(target).stream()
                                .filter(table -> targets.contains(table.id()))
                                .toList()));
    }

    private interface Catalog {
        List<Table> tables() throws SQLException;
    }

    /** All queries of one catalog look at one snapshot, where the engine has any: a change in between would be taken for another. */
    private static List<SeenTable> seen(Endpoint endpoint, Connection connection, Catalog catalog) throws SQLException {
        if (!endpoint.dialect().engine().equals("postgresql")) return seen(catalog.tables(), Map.of());
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        List<SeenTable> seen = seen(catalog.tables(), identities(connection));
        connection.setAutoCommit(true);
        return seen;
    }

    private static List<SeenTable> seen(List<Table> tables, Map<TableId, String> identities) {
        return tables.stream()
                .map(table -> SeenTable.of(table, identities.getOrDefault(table.id(), "")))
                .toList();
    }

    private static Map<TableId, String> identities(Connection connection) throws SQLException {
        Map<TableId, String> identities = new HashMap<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(IDENTITIES)) {
            while (rows.next()) identities.put(new TableId(rows.getString(1), rows.getString(2)), rows.getString(3));
        }
        return identities;
    }

    /** What has changed since, in words; the first of several. */
    public Optional<String> changeTo(SeenTables now) {
        Optional<String> change = TableChange.between(source, now.source).map(text -> "source table " + text);
        return change.or(() -> TableChange.between(target, now.target).map(text -> "target table " + text));
    }
}
