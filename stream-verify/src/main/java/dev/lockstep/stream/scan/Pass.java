package dev.lockstep.stream.scan;

import dev.lockstep.schemas.avro.TableScan;
import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.message.Values;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.stream.scan.Comparison.Seen;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest pass of the scan over one table.
 *
 * @param at when it was seen so
 * @param done all rows of both sides have been compared
 * @param reached rows up to and with this key have been; null: none, or all
 * @param rowsRead rows of both sides that left their server
 * @param rowsReread rows that were read again because they looked different
 * @param rowsUnsettled rows that changed too often to be compared
 * @param differences rows that differ
 * @param clean when the newest pass began that compared all rows and found no difference; null: none has, or a later one found one
 * @param estimatedRows of the source's table; 0: unknown
 * @param notes what differs between both sides' catalogs of the table
 */
public record Pass(
        String table,
        Instant started,
        Instant at,
        boolean done,
        @Nullable List<Value> reached,
        long rowsSource,
        long rowsTarget,
        long rowsRead,
        long rowsReread,
        long rowsUnsettled,
        long differences,
        @Nullable Instant clean,
        long estimatedRows,
        List<String> notes) {

    /** Moments are kept to the microsecond, as the topic keeps them. */
    public Pass {
        started = started.truncatedTo(ChronoUnit.MICROS);
        at = at.truncatedTo(ChronoUnit.MICROS);
        clean = clean == null ? null : clean.truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * @param before the pass before it
     */
    static Pass begin(String table, Instant now, long estimatedRows, List<String> notes, @Nullable Pass before) {
        return new Pass(
                table,
                now,
                now,
                false,
                null,
                0,
                0,
                0,
                0,
                0,
                0,
                before == null ? null : before.clean,
                estimatedRows,
                notes);
    }

    /**
     * Whether it can be carried on by who did not begin it. Which rows changed too often to be compared only the one who read them knows; where no
     * log has their changes, none of them may be forgotten.
     *
     * @param logged whether the log has the table's changes
     */
    boolean goesOn(boolean logged) {
        return !done && (logged || rowsUnsettled == 0);
    }

    /** The pass after more ranges were compared. */
    Pass plus(Instant now, @Nullable List<Value> bound, Seen seen) {
        return new Pass(
                table,
                started,
                now,
                false,
                bound,
                rowsSource + seen.rowsSource(),
                rowsTarget + seen.rowsTarget(),
                rowsRead + seen.rowsRead(),
                rowsReread,
                rowsUnsettled,
                differences,
                clean,
                estimatedRows,
                notes);
    }

    /**
     * The pass once the rows that looked different so far are settled.
     *
     * @param ended no more ranges will be compared
     * @param whole because all have been, with a result
     */
    Pass settled(Instant now, boolean ended, boolean whole, long reread, long unsettled, long found) {
        Instant cleanNow = found > 0 ? null : whole ? started : clean;
        return new Pass(
                table,
                started,
                now,
                ended,
                reached,
                rowsSource,
                rowsTarget,
                rowsRead,
                rowsReread + reread,
                unsettled,
                found,
                cleanNow,
                estimatedRows,
                notes);
    }

    TableScan toAvro() {
        return new TableScan(
                table,
                Micros.of(started),
                Micros.of(at),
                done,
                reached == null ? null : Values.toAvro(reached),
                rowsSource,
                rowsTarget,
                rowsRead,
                rowsReread,
                rowsUnsettled,
                differences,
                clean == null ? null : Micros.of(clean),
                estimatedRows,
                notes);
    }

    static Pass of(TableScan scan) {
        return new Pass(
                scan.getTable(),
                Micros.toInstant(scan.getStartedMicros()),
                Micros.toInstant(scan.getAtMicros()),
                scan.getDone(),
                scan.getReached() == null ? null : Values.fromAvro(scan.getReached()),
                scan.getRowsSource(),
                scan.getRowsTarget(),
                scan.getRowsRead(),
                scan.getRowsReread(),
                scan.getRowsUnsettled(),
                scan.getDifferences(),
                scan.getCleanMicros() == null ? null : Micros.toInstant(scan.getCleanMicros()),
                scan.getEstimatedRows(),
                List.copyOf(scan.getNotes()));
    }
}
