package dev.lockstep.ingest.preflight;

import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableId;
import java.util.ArrayList;
import java.util.List;
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

    /**
     * Statements after which a delete of a parent changes the same children, but by a trigger, whose changes are in the log, and the key
     * is still kept: an update of the parent's key is refused as long as it has children. The trigger is there before the old key goes,
     * so that no delete is refused meanwhile. None for a table that refers to itself: no trigger may change its own table.
     *
     * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/replication-features-triggers.html">MySQL manual: a trigger's row changes are
     *     logged as rows</a>
     */
    List<String> logged(Dialect dialect) {
        if (child.equals(parent)) return List.of();
        List<String> statements = new ArrayList<>();
        String act = act(dialect);
        if (!act.isEmpty())
            statements.add("create trigger " + dialect.quote(new TableId(parent.schema(), name + "_logged"))
                    + " before delete on " + dialect.quote(parent) + " for each row " + act);
        statements.add("alter table " + dialect.quote(child) + " add constraint " + dialect.quote(name + "_kept")
                + " foreign key (" + quoted(dialect, columns) + ") references " + dialect.quote(parent) + " ("
                + quoted(dialect, keys) + ")");
        statements.add("alter table " + dialect.quote(child) + " drop foreign key " + dialect.quote(name));
        return statements;
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
