package dev.lockstep.ingest.preflight;

import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A foreign key by which a change of one table changes rows of another.
 *
 * @param columns of the child, each with its pair in {@code keys}
 * @param keys of the parent
 * @param onDelete as the catalog says it: {@code CASCADE}, {@code SET NULL}, {@code RESTRICT}, {@code NO ACTION}
 * @param onUpdate the same
 */
record Cascade(
        TableId child,
        String name,
        List<String> columns,
        TableId parent,
        List<String> keys,
        String onDelete,
        String onUpdate) {

    private static final int LONGEST_NAME = 64;

    /**
     * Statements after which a delete of a parent changes the same children, but by a trigger, whose changes are in the log, and the key
     * is still kept: an update of the parent's key is refused as long as it has children. The trigger is there before the old key goes,
     * so that no delete is refused meanwhile. None where that comes back to the parent: a trigger may not change a table that its statement
     * is at work on.
     *
     * @param all cascading keys of the database
     * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/replication-features-triggers.html">MySQL manual: a trigger's row changes are
     *     logged as rows</a>
     */
    List<String> logged(Dialect dialect, Collection<Cascade> all) {
        if (comesBack(all)) return List.of();
        List<String> statements = new ArrayList<>();
        String act = act(dialect);
        if (!act.isEmpty())
            statements.add("create trigger " + dialect.quote(new TableId(parent.schema(), named("_logged")))
                    + " before delete on " + dialect.quote(parent) + " for each row " + act);
        statements.add("alter table " + dialect.quote(child) + " add constraint " + dialect.quote(named("_kept"))
                + " foreign key (" + quoted(dialect, columns) + ") references " + dialect.quote(parent) + " ("
                + quoted(dialect, keys) + ")");
        statements.add("alter table " + dialect.quote(child) + " drop foreign key " + dialect.quote(name));
        return statements;
    }

    /** Of a trigger of the parent's schema, or a key of the child's, neither longer than an identifier may be. */
    private String named(String end) {
        String full = child.schema().equals(parent.schema()) ? name : child.schema() + "_" + name;
        return full.substring(0, Math.min(full.length(), LONGEST_NAME - end.length())) + end;
    }

    private boolean comesBack(Collection<Cascade> all) {
        Set<TableId> reached = new HashSet<>(Set.of(child));
        Deque<TableId> next = new ArrayDeque<>(reached);
        while (!next.isEmpty()) {
            TableId table = next.remove();
            for (Cascade cascade : all)
                if (cascade.parent.equals(table) && reached.add(cascade.child)) next.add(cascade.child);
        }
        return reached.contains(parent);
    }

    private String act(Dialect dialect) {
        String theirs = pairs(dialect, " and ", (column, key) -> column + " = old." + key);
        return switch (onDelete) {
            case "CASCADE" -> "delete from " + dialect.quote(child) + " where " + theirs;
            case "SET NULL" ->
                "update " + dialect.quote(child) + " set " + pairs(dialect, ", ", (column, key) -> column + " = null")
                        + " where " + theirs;
            default -> "";
        };
    }

    private interface Pair {
        String of(String column, String key);
    }

    private String pairs(Dialect dialect, String between, Pair pair) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> pair.of(dialect.quote(columns.get(i)), dialect.quote(keys.get(i))))
                .collect(Collectors.joining(between));
    }

    private static String quoted(Dialect dialect, List<String> names) {
        return names.stream().map(dialect::quote).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return name + " references " + parent + " on delete " + onDelete + " on update " + onUpdate;
    }
}
