package dev.lockstep.cutover.audit;

import dev.lockstep.schemas.migration.TableRules;
import dev.lockstep.schemas.table.TableId;
import java.util.List;

/**
 * One thing on a server.
 *
 * @param path its name; a thing of a schema has the schema before it, one of a table schema and table
 */
record Item(String kind, List<String> path) {

    /** The kind whose rows move, or do not. */
    static final String TABLE = "table";

    Item {
        path = List.copyOf(path);
    }

    static Item of(String kind, String... path) {
        return new Item(kind, List.of(path));
    }

    /** The same from look to look, and how the migration file calls it: {@code view shop.totals}. */
    String id() {
        return kind + " " + String.join(".", path);
    }

    /** The table that it is, or is of. */
    TableId table() {
        return new TableId(path.get(0), path.get(1));
    }

    /** The same thing on the target, where schemas and tables may have other names. */
    Item onTarget(TableRules names) {
        if (path.size() == 1) return this;
        if (path.size() == 2)
            return of(kind, names.target(new TableId(path.get(0), "")).schema(), path.get(1));
        TableId there = names.target(table());
        return of(kind, there.schema(), there.name(), path.get(2));
    }
}
