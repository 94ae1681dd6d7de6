package dev.lockstep.schemas.migration;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.lockstep.schemas.table.TableId;
import java.util.List;

/**
 * Which lane carries which table. Lane 0 carries what is not named; each group of patterns is a lane of its own beside it.
 *
 * @param groups of lane 1 and up, patterns of {@code schema.table} with {@code *}; the first that means a table has it
 */
public record LaneRules(@JsonValue List<List<String>> groups) {

    /** More connectors than this would read the same log more often than any server is glad of. */
    public static final int MAX = 16;

    /** All tables in one lane. */
    public static final LaneRules ONE = new LaneRules(List.of());

    public LaneRules {
        if (groups.size() >= MAX) throw new IllegalArgumentException("lanes: up to " + (MAX - 1) + " beside lane 0");
        if (groups.stream().anyMatch(List::isEmpty))
            throw new IllegalArgumentException("lanes: each is a list of patterns of schema.table, and one is empty");
    }

    /** A group of one pattern may stand without a list of its own. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static LaneRules of(List<Object> groups) {
        return new LaneRules(groups.stream().map(LaneRules::group).toList());
    }

    private static List<String> group(Object group) {
        if (group instanceof List<?> patterns)
            return patterns.stream().map(String::valueOf).toList();
        if (group instanceof String pattern) return List.of(pattern);
        throw new IllegalArgumentException("lanes: each is a list of patterns of schema.table, not " + group);
    }

    public int count() {
        return groups.size() + 1;
    }

    /** The lane that carries a table of the source. */
    public int of(TableId table) {
        for (int i = 0; i < groups.size(); i++)
            if (groups.get(i).stream().anyMatch(pattern -> TableRules.matches(pattern, table.toString()))) return i + 1;
        return 0;
    }
}
