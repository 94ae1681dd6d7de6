package dev.lockstep.cutover.audit;

import dev.lockstep.schemas.table.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an engine's catalogs tell of a server's things, the engine's own and Lockstep's left out. */
interface Catalog {

    static Catalog of(Dialect dialect) {
        return dialect.engine().equals("postgresql") ? new PostgresCatalog() : new MySqlCatalog(dialect);
    }

    /**
     * How the things of a kind are read.
     *
     * @param sql its rows have the columns of {@link Item#path}; a {@code ?} in it is for a schema
     */
    record Query(String kind, String sql) {

        boolean isOfSchema() {
            return sql.contains("?");
        }
    }

    /**
     * A kind that cannot be read.
     *
     * @param reason with the remedy
     */
    record Unread(String kind, String reason) {}

    record Seen(Set<Item> items, List<Unread> unread) {}

    List<Query> queries();

    /** Why Lockstep's user would not be shown all of a kind, with the remedy; empty: it is. */
    Optional<String> hidden(Connection connection, Query query, String schema) throws SQLException;

    /** Whether it says that there is nothing of the kind on this server. */
    boolean isAbsent(SQLException e);

    /**
     * Reads all.
     *
     * @param schemas those of the migrated tables
     * @throws SQLException if the server cannot be asked
     */
    default Seen read(Connection connection, Collection<String> schemas) throws SQLException {
        Set<Item> items = new LinkedHashSet<>();
        List<Unread> unread = new ArrayList<>();
        for (Query query : queries())
            for (String schema : query.isOfSchema() ? schemas : List.of(""))
                try {
                    hidden(connection, query, schema).ifPresent(reason -> unread.add(unread(query, schema, reason)));
                    items.addAll(read(connection, query, schema));
                } catch (SQLException e) {
                    if (!connection.isValid(5)) throw e;
                    if (!isAbsent(e)) unread.add(unread(query, schema, String.valueOf(e.getMessage())));
                }
        return new Seen(items, unread);
    }

    private static Unread unread(Query query, String schema, String reason) {
        return new Unread(query.kind() + (schema.isEmpty() ? "" : " of " + schema), reason);
    }

    private static List<Item> read(Connection connection, Query query, String schema) throws SQLException {
        List<Item> items = new ArrayList<>();
        try (var statement = connection.prepareStatement(query.sql())) {
            if (query.isOfSchema()) statement.setString(1, schema);
            try (var rows = statement.executeQuery()) {
                int columns = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    List<String> path = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) path.add(rows.getString(i));
                    items.add(new Item(query.kind(), path));
                }
            }
        }
        return items;
    }
}
