package dev.lockstep.cutover.report;

import dev.lockstep.cutover.api.Status;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the report says: the JSON file is this, the page shows it.
 *
 * @param at when it was made
 * @param tables at the newest barrier at which every table has a verdict
 * @param byScan tables of which no log tells all, because foreign keys cascade into them: they have no verdicts, and a scan alone proves them
 * @param positions how far each lane is applied; empty where the target could not be asked
 * @param notCompared in words
 * @param scan what reading both databases themselves has shown; null: no scan has been run
 * @param deadLetters rows that the target refused; null where that is not known
 * @param journal phases entered, and what somebody did by hand
 */
public record ProofReport(
        String migration,
        Instant at,
        Database source,
        Database target,
        String phase,
        Barriers barriers,
        List<TableProof> tables,
        List<String> byScan,
        List<Position> positions,
        List<RuleUsed> rules,
        List<String> canonicalForm,
        List<String> notCompared,
        Mismatches mismatches,
        Status.@Nullable ScanStatus scan,
        Status.@Nullable DeadLetters deadLetters,
        List<JournalEntry> journal,
        ChainFacts chain) {

    @SuppressWarnings("NullAway") // a report of an older Lockstep has none
    public ProofReport {
        byScan = byScan == null ? List.of() : byScan;
    }

    public record Database(String engine, String version, String host, int port, String database) {}

    /**
     * @param proven by the process that made the report, over all lanes
     * @param newest the newest at which every table has a verdict
     */
    public record Barriers(
            long proven, @Nullable Instant first, @Nullable Instant newest, long verdicts) {}

    /**
     * @param barrier that the rows and sums are of
     * @param verdicts how many barriers it was judged at
     * @param equalAt at how many of them both sides were equal
     */
    public record TableProof(
            String table,
            String target,
            Instant barrier,
            long rowsSource,
            long rowsTarget,
            String digestSource,
            String digestTarget,
            boolean equal,
            long mismatches,
            @Nullable Instant firstBarrier,
            long verdicts,
            long equalAt) {}

    /** How far a lane is applied, as the target's own table {@code lockstep.applied} says. */
    public record Position(
            int lane,
            long nextOffset,
            String position,
            @Nullable Instant barrier) {}

    public record RuleUsed(String rule, String value) {}

    /**
     * @param open rows that differ now
     * @param history rows that have ever differed, the first thousand; those of a table that was copied anew since never heal
     * @param leftOut reports of further ones
     */
    public record Mismatches(long open, List<Episode> history, long leftOut) {}

    /** @param facts of it */
    public record JournalEntry(Instant at, String entry, String reason, List<String> facts) {}

    /** Whether every table was equal at the newest barrier, or in a scan where that alone can tell, nothing is refused, and nobody has touched the record. */
    public boolean holds() {
        return !tables.isEmpty()
                && tables.stream().allMatch(TableProof::equal)
                && byScan.stream().allMatch(this::isScannedClean)
                && mismatches.open() == 0
                && deadLetters != null
                && deadLetters.open() == 0
                && chain.breaks().isEmpty();
    }

    private boolean isScannedClean(String table) {
        return scan != null
                && scan.tables().stream().anyMatch(scanned -> scanned.table().equals(table) && scanned.clean() != null);
    }
}
