package dev.lockstep.stream.scan;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.KeyRange;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.stream.scan.Comparison.Seen;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One pass over one table, from where the last process left it. Ranges are compared one after the other; rows that look different are
 * settled together, and only then is it noted that their ranges are done.
 */
final class TablePass {

    /** Beyond so many a table is better copied anew than repaired row by row; the pass ends. */
    static final int MOST_DIFFERENCES = 10_000;

    private static final int AT_ONCE = 500;
    private static final Duration RHYTHM = Duration.ofSeconds(5);

    private final Migration migration;
    private final Sides sides;
    private final TableMapping table;
    private final SideTable source;
    private final SideTable target;
    private final ChangeWatch watch;
    private final ScanLog log;
    private final Clock clock;
    private final BooleanSupplier stopped;
    private final Comparison comparison;

    private Set<RowKey> suspects = new HashSet<>();
    private final List<RowKey> unsettled = new ArrayList<>();

    TablePass(
            Migration migration,
            Sides sides,
            TableMapping table,
            ChangeWatch watch,
            ScanLog log,
            ScanPace pace,
            Clock clock,
            BooleanSupplier stopped) {
        this.migration = migration;
        this.sides = sides;
        this.table = table;
        this.watch = watch;
        this.log = log;
        this.clock = clock;
        this.stopped = stopped;
        source = new SideTable(migration, Side.SOURCE, table);
        target = new SideTable(migration, Side.TARGET, table);
        comparison = new Comparison(migration, sides, table, source, target, pace);
    }

    /** A pass of which nothing is done yet. */
    Pass begin() throws SQLException, InterruptedException {
        Dialect there = migration.source().dialect();
        Dialect here = migration.target().dialect();
        long rows = sides.one(Side.SOURCE, source::estimatedRows);
        var catalogs = sides.both(
                connection -> TableCatalog.read(connection, there, table.source()),
                connection -> TableCatalog.read(connection, here, table.target()));
        List<String> notes = CatalogNotes.compare(
                table, catalogs.source(), catalogs.target(), there.engine().equals(here.engine()));
        Pass before = log.pass(table.id()).orElse(null);
        Pass pass = Pass.begin(table.id(), clock.instant(), rows, notes, before);
        log.write(pass);
        return pass;
    }

    /**
     * Brings the pass to its end.
     *
     * @param shown is told after each range
     * @throws SQLException if a database cannot be asked; what is noted in the log stays done
     */
    void run(Pass begun, Consumer<Pass> shown) throws SQLException, InterruptedException {
        try (Bounds bounds = new Bounds(migration, source, comparison.rangeRows(), begun.reached())) {
            run(begun, bounds, shown);
        }
    }

    private void run(Pass begun, Bounds bounds, Consumer<Pass> shown) throws SQLException, InterruptedException {
        Pass pass = begun;
        log.differences(table.id()).forEach(difference -> suspects.add(difference.key()));
        Instant noted = clock.instant();
        while (!pass.done()) {
            @Nullable List<Value> bound = bounds.next().orElse(null);
            Seen seen = comparison.compare(KeyRange.behind(pass.reached()).upTo(bound));
            suspects.addAll(seen.suspects());
            pass = pass.plus(clock.instant(), bound, seen);
            if (bound == null
                    || suspects.size() >= AT_ONCE
                    || noted.plus(RHYTHM).isBefore(clock.instant())) {
                pass = settle(pass, bound == null);
                log.write(pass);
                noted = clock.instant();
            }
            shown.accept(pass);
        }
    }

    /** What changed all the while gets another chance at the end. */
    private Pass settle(Pass pass, boolean last) throws SQLException, InterruptedException {
        long reread = settle(List.copyOf(suspects));
        suspects = new HashSet<>();
        if (last && !unsettled.isEmpty()) {
            List<RowKey> again = List.copyOf(unsettled);
            unsettled.clear();
            reread += settle(again);
        }
        long found = log.differences(table.id()).size();
        // a row that changes all the while is proven by its changes, if the log has them
        boolean whole = last && (table.isLogged() || unsettled.isEmpty());
        return pass.settled(clock.instant(), last || found > MOST_DIFFERENCES, whole, reread, unsettled.size(), found);
    }

    private long settle(List<RowKey> keys) throws SQLException, InterruptedException {
        long reread = 0;
        for (int i = 0; i < keys.size(); i += AT_ONCE) {
            var outcome = new Suspects(sides, source, target, table, watch, clock, stopped)
                    .settle(keys.subList(i, Math.min(keys.size(), i + AT_ONCE)));
            outcome.different().forEach(log::write);
            outcome.same().forEach(log::settle);
            unsettled.addAll(outcome.unsettled());
            reread += outcome.reread();
        }
        return reread;
    }
}
