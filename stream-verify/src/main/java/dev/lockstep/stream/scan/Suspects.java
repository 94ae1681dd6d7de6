package dev.lockstep.stream.scan;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.table.ControlTables;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.stream.scan.Difference.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one table that looked different, read again until each is known to be the same or known to differ. The changes on their way
 * from the origin, where the application writes, to the destination make no false alarm:
 *
 * <ol>
 *   <li>From here on, the rows' changes are watched in the origin's topic.
 *   <li>Barrier 1, younger than that, is seen on the destination: all that was committed before it is there.
 *   <li>The rows are read on both sides.
 *   <li>Barrier 2, younger than the one the origin shows after that, comes by in the topic.
 *   <li>A row that did not change between the two barriers had one state all the while, on the origin and in what the destination was given.
 *       If both sides differ, it differs.
 * </ol>
 *
 * A row that did change is read again. It is also the same if the destination shows any state that the origin was seen to have since; where the
 * log is silent of cascades, since the last change that may have had one: a state from before it might stay on the destination for ever.
 */
final class Suspects {

    private static final int ROUNDS = 20;
    private static final long LOOK_MILLIS = 20;

    private final Sides sides;
    private final SideTable source;
    private final SideTable target;
    private final TableMapping table;
    private final ChangeWatch watch;
    private final Clock clock;
    private final BooleanSupplier stopped;
    private final Map<RowDigest, Suspect> open = new LinkedHashMap<>();
    private final List<Difference> different = new ArrayList<>();
    private final List<RowKey> same = new ArrayList<>();
    private long reread;

    /** A row with what was seen of it. */
    private static final class Suspect {
        final RowKey key;
        final Set<RowDigest> seen = new HashSet<>();

        @Nullable
        Row source;

        @Nullable
        Row target;

        RowDigest now = RowDigest.ZERO;

        Suspect(RowKey key) {
            this.key = key;
        }

        @Nullable
        Row on(Side side) {
            return side == Side.SOURCE ? source : target;
        }

        void forgetFormer() {
            seen.retainAll(Set.of(now));
        }
    }

    /**
     * @param unsettled rows that changed between any two looks
     */
    record Outcome(List<Difference> different, List<RowKey> same, List<RowKey> unsettled, long reread) {}

    Suspects(
            Sides sides,
            SideTable source,
            SideTable target,
            TableMapping table,
            ChangeWatch watch,
            Clock clock,
            BooleanSupplier stopped) {
        this.sides = sides;
        this.source = source;
        this.target = target;
        this.table = table;
        this.watch = watch;
        this.clock = clock;
        this.stopped = stopped;
    }

    /**
     * Returns once each of the rows is known, or has changed all the while.
     *
     * @throws InterruptedException once it is stopped
     */
    Outcome settle(Collection<RowKey> keys) throws SQLException, InterruptedException {
        for (RowKey key : keys) open.put(RowDigest.of(key), new Suspect(key));
        Set<RowDigest> watched = Set.copyOf(open.keySet());
        watch.watch(watched);
        try {
            long since = awaitWatch();
            for (int round = 0; round < ROUNDS && !open.isEmpty(); round++) since = look(since);
        } finally {
            watch.forget(watched);
        }
        return new Outcome(
                List.copyOf(different),
                List.copyOf(same),
                open.values().stream().map(suspect -> suspect.key).toList(),
                reread);
    }

    /** Returns the barrier that the destination had reached. */
    private long look(long before) throws SQLException, InterruptedException {
        long since = awaitOnDestination(before);
        read();
        awaitInTopic(sides.one(watch.direction().origin(), this::barrier));
        if (watch.mayHaveCascaded(table.id(), before)) open.values().forEach(Suspect::forgetFormer);
        open.entrySet().removeIf(suspect -> isKnown(suspect.getKey(), suspect.getValue(), since));
        return since;
    }

    private long awaitOnDestination(long before) throws SQLException, InterruptedException {
        long reached = sides.one(watch.direction().destination(), this::barrier);
        while (reached <= before) {
            rest();
            reached = sides.one(watch.direction().destination(), this::barrier);
        }
        return reached;
    }

    /** Until a barrier has come by, it is not known where in the topic the watch began: the destination may be behind that. */
    private long awaitWatch() throws InterruptedException {
        while (watch.passed(table.lane()) == 0) rest();
        return watch.passed(table.lane());
    }

    private void awaitInTopic(long shown) throws InterruptedException {
        while (watch.passed(table.lane()) <= shown) rest();
    }

    private void rest() throws InterruptedException {
        Thread.sleep(LOOK_MILLIS);
        if (stopped.getAsBoolean()) throw new InterruptedException("stopped");
    }

    private long barrier(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement("select at_micros from " + ControlTables.BARRIER.schema() + "."
                + ControlTables.BARRIER.name() + " where direction = ? and lane = ?")) {
            query.setString(1, watch.direction().row(false));
            query.setInt(2, table.lane());
            try (var row = query.executeQuery()) {
                long micros = row.next() ? row.getLong(1) : 0;
                connection.commit();
                return micros;
            }
        }
    }

    private void read() throws SQLException, InterruptedException {
        List<RowKey> keys = open.values().stream().map(suspect -> suspect.key).toList();
        reread += keys.size();
        var rows = sides.both(c -> source.byKeys(c, keys), c -> target.byKeys(c, keys));
        open.forEach((digest, suspect) -> {
            suspect.source = rows.source().get(digest);
            suspect.target = rows.target().get(digest);
            suspect.now = digest(suspect.on(watch.direction().origin()));
            suspect.seen.add(suspect.now);
        });
    }

    private RowDigest digest(@Nullable Row row) {
        return row == null ? RowDigest.ZERO : RowDigest.of(table.id(), row);
    }

    private boolean isKnown(RowDigest row, Suspect suspect, long since) {
        if (suspect.seen.contains(digest(suspect.on(watch.direction().destination())))) {
            same.add(suspect.key);
            return true;
        }
        if (!watch.stoodStill(table.id(), row, since)) return false;
        different.add(difference(suspect));
        return true;
    }

    private Difference difference(Suspect suspect) {
        Instant now = clock.instant();
        Kind kind = suspect.target == null ? Kind.MISSING : suspect.source == null ? Kind.UNEXPECTED : Kind.DIFFERS;
        return new Difference(suspect.key, kind, columns(suspect.source, suspect.target), now, now);
    }

    private List<String> columns(@Nullable Row one, @Nullable Row other) {
        if (one == null || other == null) return List.of();
        return RowValues.differing(table, one, other).stream()
                .map(i -> table.columns().get(i).name())
                .toList();
    }
}
