package dev.lockstep.schemas.migration;

import dev.lockstep.schemas.table.TableId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which tables move, and what they are called on the target. Everywhere else tables and columns go by the source's names.
 *
 * @param include patterns of {@code schema.table} with {@code *}; none: all
 * @param exclude patterns that win over include
 * @param targetSchema schema or database of the tables on the target; by default as on the source
 * @param targetSchemas the same for single schemas of the source; wins over targetSchema
 * @param each what is special about single tables, by their {@code schema.table} on the source
 */
public record TableRules(
        List<String> include,
        List<String> exclude,
        @Nullable String targetSchema,
        Map<String, String> targetSchemas,
        Map<String, TableRule> each) {

    /** All tables, as they are. */
    public static final TableRules ALL = new TableRules(List.of(), List.of(), null, Map.of(), Map.of());

    private static final TableRule NONE = new TableRule(null, List.of(), List.of(), Map.of());

    @SuppressWarnings("NullAway") // what the file leaves out arrives as null
    public TableRules {
        include = include == null ? List.of() : List.copyOf(include);
        exclude = exclude == null ? List.of() : List.copyOf(exclude);
        targetSchemas = targetSchemas == null ? Map.of() : targetSchemas;
        each = each == null ? Map.of() : each;
    }

    /**
     * One table's rule; columns go by the source's names.
     *
     * @param target its name on the target, {@code table} or {@code schema.table}; by default as on the source
     * @param key columns that tell its rows apart, where it has no primary key or not the one that is meant; none: as the catalog says
     * @param excludeColumns columns that are neither carried nor compared
     * @param renameColumns column on the source to column on the target
     */
    public record TableRule(
            @Nullable String target, List<String> key, List<String> excludeColumns, Map<String, String> renameColumns) {

        @SuppressWarnings("NullAway")
        public TableRule {
            key = key == null ? List.of() : List.copyOf(key);
            excludeColumns = excludeColumns == null ? List.of() : List.copyOf(excludeColumns);
            renameColumns = renameColumns == null ? Map.of() : renameColumns;
        }

        public String targetColumn(String sourceColumn) {
            return renameColumns.getOrDefault(sourceColumn, sourceColumn);
        }
    }

    public boolean matches(String table) {
        return (include.isEmpty() || include.stream().anyMatch(p -> matches(p, table)))
                && exclude.stream().noneMatch(p -> matches(p, table));
    }

    /** Whether a pattern of include or exclude means the table. */
    public static boolean matches(String pattern, String table) {
        return table.matches(pattern.replaceAll("([^\\w*])", "\\\\$1").replace("*", ".*"));
    }

    public TableRule rule(TableId source) {
        return each.getOrDefault(source.toString(), NONE);
    }

    /** What the table is called on the target. */
    public TableId target(TableId source) {
        String schema =
                targetSchemas.getOrDefault(source.schema(), targetSchema == null ? source.schema() : targetSchema);
        String target = rule(source).target();
        if (target == null) return new TableId(schema, source.name());
        int dot = target.indexOf('.');
        return dot < 0 ? new TableId(schema, target) : new TableId(target.substring(0, dot), target.substring(dot + 1));
    }
}
