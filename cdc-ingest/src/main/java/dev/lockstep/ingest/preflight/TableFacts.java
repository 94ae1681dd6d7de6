package dev.lockstep.ingest.preflight;

import dev.lockstep.schemas.table.TableId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a catalog says of a table beyond its columns, as far as capture, apply or proof depend on it.
 *
 * @param uniqueKeys columns of each index that can tell rows apart: unique, whole columns that are never null, checked at once
 * @param demanding columns that an insert must name: not null, without a default
 * @param logged columns that the log has of a row before its change; null: all of them
 * @param storage {@code logged}, {@code unlogged}, or what else keeps it: {@code MyISAM}
 * @param family other tables whose rows it shows as its own, or that show its rows (PostgreSQL's inheritance)
 * @param triggers those that fire for what Lockstep writes
 * @param cascades foreign keys by which a change of another table changes this one
 * @param collations of its text columns, where they do not tell all texts apart
 * @param lacking what Lockstep's user must have there and has not, each with the statement that gives it
 */
record TableFacts(
        TableId id,
        List<List<String>> uniqueKeys,
        Set<String> demanding,
        @Nullable Set<String> logged,
        String storage,
        Set<String> family,
        Set<String> triggers,
        List<Cascade> cascades,
        Map<String, Collation> collations,
        Set<String> lacking) {

    static final String LOGGED = "logged";

    /**
     * When two different texts are one under a column's collation.
     *
     * @param name as the engine names it
     */
    record Collation(String name, boolean caseBlind, boolean padding) {}

    /** A plain table, of which nothing special is known. */
    static TableFacts plain(TableId id) {
        return new TableFacts(id, List.of(), Set.of(), null, LOGGED, Set.of(), Set.of(), List.of(), Map.of(), Set.of());
    }
}
