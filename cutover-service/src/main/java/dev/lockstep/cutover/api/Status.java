package dev.lockstep.cutover.api;

import dev.lockstep.cutover.watch.CheckState;
import dev.lockstep.cutover.watch.Stragglers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a migration at one moment: what the terminal, the page, the metrics and {@code status --json} show. What is not
 * known is null, never zero.
 *
 * @param phaseSince when the phase was entered
 * @param awaited what must happen next, in words
 * @param lag by stage: captured, applied, proven
 * @param mismatches the rows that differ now, the first hundred
 * @param scan what reading both databases themselves has shown
 * @param deadLetters rows that the target refused; null while that is not known
 * @param gatesOpenForSeconds for how long all gates have been open without a break
 * @param forecast of the next move, as this process rehearsed it last; null: it has not
 * @param soak what is watched while the application writes on the target; null: it does not
 * @param paused null while it flows
 * @param troubles what a part waits for, or an operator should look at, in words
 * @param logs what the databases keep of their logs for us
 * @param quietest the measured hour of the day with the fewest writes; null while too few are measured
 * @param at when this was gathered
 */
public record Status(
        String migration,
        String phase,
        Instant phaseSince,
        List<PhaseEntry> phases,
        String awaited,
        Database source,
        Database target,
        Copy copy,
        Changes changes,
        Map<String, StageLagStatus> lag,
        ProofStatus proof,
        List<MismatchStatus> mismatches,
        ScanStatus scan,
        @Nullable DeadLetters deadLetters,
        List<Gate> gates,
        double gatesOpenForSeconds,
        double holdSeconds,
        @Nullable Cutover cutover,
        @Nullable ForecastStatus forecast,
        @Nullable SoakStatus soak,
        @Nullable Pause paused,
        List<String> troubles,
        List<LogUse> logs,
        @Nullable QuietHour quietest,
        Instant startedAt,
        Instant at) {

    /** A phase that was entered, and why. */
    public record PhaseEntry(String phase, Instant at, String reason) {}

    public record Database(String engine, String version) {}

    /**
     * The initial copy.
     *
     * @param rows applied by this process
     * @param seconds from the first row's transaction to the last one's commit
     * @param source how far the source has been read; null where this process knows nothing of it yet
     * @param target how far the target has been read, to be compared; null until that begins
     */
    public record Copy(
            long rows,
            double seconds,
            double rowsPerSecond,
            @Nullable Reading source,
            @Nullable Reading target) {}

    /**
     * How far a database's tables have been read into Kafka.
     *
     * @param note what it waits for, or why it pauses; empty while it reads
     * @param rows read, with those of earlier processes where this one went on from them
     * @param bytes of them on the wire
     * @param estimatedRows of all tables, as the catalog guesses
     * @param secondsLeft at the rate so far
     */
    public record Reading(
            String note,
            long rows,
            long bytes,
            @Nullable Long estimatedRows,
            double rowsPerSecond,
            @Nullable Double secondsLeft,
            boolean done) {}

    /**
     * Row changes since the migration began.
     *
     * @param perSecond applied, mean of the last few seconds
     */
    public record Changes(long captured, long applied, double perSecond) {}

    /**
     * How far a stage is behind.
     *
     * @param nowMillis since the newest barrier that has reached it
     * @param windowSeconds what the percentiles look back on
     */
    public record StageLagStatus(
            @Nullable Long nowMillis,
            @Nullable Long p50Millis,
            @Nullable Long p95Millis,
            @Nullable Long p99Millis,
            @Nullable Long maxMillis,
            double windowSeconds) {}

    /**
     * @param barriers proven so far
     * @param lastBarrier the newest at which every table has a verdict
     * @param mismatches rows that differ now
     * @param byScan tables that no log tells all of: the scan alone proves them, and they have no verdicts
     */
    public record ProofStatus(
            long barriers,
            @Nullable Instant lastBarrier,
            long mismatches,
            List<TableStatus> tables,
            List<String> byScan) {}

    /** A table's newest verdict; digests as hexadecimal digits. */
    public record TableStatus(
            String table,
            long rowsSource,
            long rowsTarget,
            String digestSource,
            String digestTarget,
            boolean equal,
            long mismatches) {}

    /**
     * @param table that is being scanned now
     * @param secondsLeft of that table, at the rate so far
     * @param note what is in the way; empty: nothing
     * @param differences rows that differ, found by a scan
     * @param rows the first hundred of them
     */
    public record ScanStatus(
            @Nullable String table,
            double rowsPerSecond,
            @Nullable Double secondsLeft,
            String note,
            List<TableScan> tables,
            long differences,
            List<Difference> rows) {}

    /**
     * The newest pass of the scan over a table.
     *
     * @param rowsRead rows of both sides that left their server
     * @param rowsReread rows that were read again because they looked different
     * @param rowsUnsettled rows that changed too often to be compared
     * @param notes what differs between both sides' catalogs of the table
     * @param clean when the newest pass began that compared all rows and found no difference
     */
    public record TableScan(
            String table,
            Instant started,
            Instant at,
            boolean done,
            long rowsSource,
            long rowsTarget,
            @Nullable Long estimatedRows,
            long rowsRead,
            long rowsReread,
            long rowsUnsettled,
            long differences,
            @Nullable Instant clean,
            List<String> notes) {}

    /**
     * A row that a scan found different.
     *
     * @param columns that differ, where both sides have the row
     */
    public record Difference(String table, String key, String kind, List<String> columns, Instant firstSeen) {}

    public record MismatchStatus(String table, String key, String kind, Instant firstSeen) {}

    /**
     * @param open how many rows
     * @param rows the first hundred
     */
    public record DeadLetters(long open, List<Letter> rows) {}

    /**
     * A row that is set aside.
     *
     * @param operation what its newest change comes to: READ, UPDATE or DELETE
     * @param letters batches that had changes of it
     * @param error what the target said, and what to do
     */
    public record Letter(
            String table,
            String key,
            String operation,
            long letters,
            String sqlState,
            String error,
            Instant since,
            Instant newest) {}

    /**
     * @param state OPEN, CLOSED, UNKNOWN, or OVERRIDDEN for the cutover that was asked for; only OPEN and OVERRIDDEN let the traffic pass
     */
    public record Gate(String rule, String state, String reason) {}

    /**
     * An operator's word is awaited: both sides' tables do not match any more, or an operator asked for the pause.
     *
     * @param change names the side, the table and what happened to it; or who asked
     */
    public record Pause(String change, String remedy, Instant since) {}

    /**
     * @param hour with its zone
     * @param rowsPerSecond row changes on the source in it
     * @param busiestRowsPerSecond in the busiest measured one
     * @param measuredHours how many hours of the day are measured
     */
    public record QuietHour(String hour, double rowsPerSecond, double busiestRowsPerSecond, int measuredHours) {}

    /**
     * @param side source or target
     * @param retainedBytes of log that the database keeps because a capture has not read them yet
     * @param safeBytes that may still be written before the database gives the capture up; null: no limit, or not known
     * @param state as the database says it: reserved, extended, unreserved, lost
     */
    public record LogUse(
            String side, long retainedBytes, @Nullable Long safeBytes, String state) {}

    /** What the cutover did. Null parts are still to come. */
    public record Cutover(
            @Nullable Long writePauseMillis, @Nullable Dns dns) {}

    /**
     * The newest forecast, in short.
     *
     * @param move cutover or rollback
     * @param at when it was made
     * @param complete whether there is a figure for each step; otherwise both sums lack those without one
     * @param trouble why a drill failed; empty: none did
     */
    public record ForecastStatus(
            String move,
            Instant at,
            int drills,
            long expectedMillis,
            long upperMillis,
            long budgetMillis,
            boolean complete,
            String trouble) {}

    /**
     * @param since when the target took the application's writes
     * @param suggestedUntil when the time is over that the migration file suggests to watch it for
     * @param reports proof reports that have been written by themselves, file names in the state directory
     * @param stragglers who is still connected to the source; null: it has not been looked at yet
     * @param check how the operator's own check stands; null: there is none
     * @param alarm why the traffic would better go back, or why it cannot now; empty: nothing speaks for it
     */
    public record SoakStatus(
            Instant since,
            Instant suggestedUntil,
            List<String> reports,
            @Nullable Stragglers stragglers,
            @Nullable CheckState check,
            String alarm) {}

    public record Dns(
            List<String> before,
            List<String> after,
            @Nullable Long serialBefore,
            @Nullable Long serialAfter) {}
}
