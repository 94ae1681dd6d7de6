package dev.lockstep.ingest.preflight;

import dev.lockstep.ingest.preflight.TableFacts.Collation;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gathers every table's facts, one query a kind of fact. */
abstract class TableCatalog {

    /** What has been read of one table so far. */
    static final class Draft {
        final Map<String, List<String>> uniqueKeys = new LinkedHashMap<>();
        final Set<String> demanding = new LinkedHashSet<>();

        @Nullable
        Set<String> logged;

        String storage = TableFacts.LOGGED;
        final Set<String> family = new LinkedHashSet<>();
        final Set<String> triggers = new LinkedHashSet<>();
        final Map<String, Cascade> cascades = new LinkedHashMap<>();
        final Map<String, Collation> collations = new HashMap<>();
        final Set<String> lacking = new LinkedHashSet<>();

        TableFacts facts(TableId id) {
            return new TableFacts(
                    id,
                    List.copyOf(uniqueKeys.values()),
                    demanding,
                    logged,
                    storage,
                    family,
                    triggers,
                    List.copyOf(cascades.values()),
                    collations,
                    lacking);
        }
    }

    interface Note {
        void take(Draft table, ResultSet row) throws SQLException;
    }

    private final Connection connection;
    private final Map<TableId, Draft> drafts = new HashMap<>();

    TableCatalog(Connection connection) {
        this.connection = connection;
    }

    static Map<TableId, TableFacts> read(Connection connection, Dialect dialect) throws SQLException {
        TableCatalog catalog = dialect.engine().equals("postgresql")
                ? new PostgresCatalog(connection)
                : new MySqlCatalog(connection, dialect.engine().equals("mariadb"));
        catalog.gather();
        Map<TableId, TableFacts> facts = new HashMap<>();
        catalog.drafts.forEach((id, draft) -> facts.put(id, draft.facts(id)));
        return facts;
    }

    abstract void gather() throws SQLException;

    /** Each row begins with the table's schema and name. */
    final void each(String query, Note note) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            while (rows.next())
                note.take(
                        drafts.computeIfAbsent(new TableId(rows.getString(1), rows.getString(2)), id -> new Draft()),
                        rows);
        }
    }

    static void addTo(Map<String, List<String>> keys, String index, String column) {
        keys.computeIfAbsent(index, name -> new ArrayList<>()).add(column);
    }

    /** Both have a part: what all leaves of a partitioned table log is what can be relied on. */
    static @Nullable Set<String> both(@Nullable Set<String> one, @Nullable Set<String> other) {
        if (one == null) return other;
        if (other == null) return one;
        Set<String> common = new HashSet<>(one);
        common.retainAll(other);
        return common;
    }
}
