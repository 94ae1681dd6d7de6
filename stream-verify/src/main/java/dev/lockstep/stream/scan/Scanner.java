package dev.lockstep.stream.scan;

import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.stream.cascade.Cascades;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scans the tables, one after the other, each when it is due: once as soon as the scanner is let, then as often as the migration file
 * says, and when somebody asks. Killed at any point, the next one goes on behind the last range that was done. Trouble with a database is
 * waited out.
 */
public final class Scanner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scanner.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration RETRY = Duration.ofSeconds(2);

    /** A table is left alone for so long after a pass that could not settle all of it, where that proves nothing. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final Migration migration;
    private final String bootstrap;
    private final Topics topics;
    private final List<TableMapping> tables;
    private final Clock clock;
    private final ScanLog log;
    private final Thread thread;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final Map<String, Pass> shown = new ConcurrentHashMap<>();
    private volatile boolean held = true;
    private volatile Direction direction = Direction.FORWARD;
    private volatile boolean closed;
    private volatile String note = "";
    private volatile @Nullable Rate rate;

    /** Rows of the source compared since a moment. */
    private record Rate(String table, long nanos, long rows) {}

    private Scanner(
            Migration migration, String bootstrap, Topics topics, List<TableMapping> tables, Clock clock, ScanLog log) {
        this.migration = migration;
        this.bootstrap = bootstrap;
        this.topics = topics;
        this.tables = List.copyOf(tables);
        this.clock = clock;
        this.log = log;
        thread = new Thread(this::run, "scan");
        thread.setDaemon(true);
    }

    /** Knows what was found so far, and scans nothing before {@link #follow} lets it. */
    public static Scanner start(
            Migration migration, String bootstrap, Topics topics, List<TableMapping> tables, Clock clock) {
        Scanner scanner = new Scanner(migration, bootstrap, topics, tables, clock, ScanLog.open(bootstrap, topics));
        scanner.thread.start();
        return scanner;
    }

    /** Rests, until {@link #follow}. */
    public void hold() {
        held = true;
    }

    /** Goes on, while changes are carried in that direction. */
    public void follow(Direction carried) {
        direction = carried;
        held = false;
    }

    /**
     * Asks for a new pass over tables.
     *
     * @param names the source's; none: all tables
     * @param since leaves out those whose last pass began after that and is through; null: none
     * @return the ids of the tables that will be scanned
     * @throws IllegalArgumentException if there is no such table
     */
    public List<String> ask(Collection<String> names, @Nullable Instant since) {
        for (String name : names)
            if (tables.stream().noneMatch(table -> isNamed(table, name)))
                throw new IllegalArgumentException("the migration has no table " + name);
        List<String> wanted = tables.stream()
                .filter(table -> names.isEmpty() || names.stream().anyMatch(name -> isNamed(table, name)))
                .map(TableMapping::id)
                .filter(id -> since == null
                        || log.pass(id)
                                .filter(pass -> pass.done() && pass.started().isAfter(since))
                                .isEmpty())
                .toList();
        asked.addAll(wanted);
        return wanted;
    }

    private static boolean isNamed(TableMapping table, String name) {
        return table.source().toString().equals(name) || table.id().equals(name);
    }

    private void run() {
        try {
            while (!closed) {
                Optional<TableMapping> due = held ? Optional.empty() : next();
                if (due.isEmpty()) Thread.sleep(LOOK.toMillis());
                else scanFrom(due.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<TableMapping> next() {
        return tables.stream().filter(this::isDue).findFirst();
    }

    private boolean isDue(TableMapping table) {
        Optional<Pass> pass = log.pass(table.id());
        if (asked.contains(table.id()) || pass.isEmpty() || !pass.get().done()) return true;
        boolean settled = table.isLogged() || pass.get().rowsUnsettled() == 0;
        if (!settled && pass.get().at().plus(AGAIN).isBefore(clock.instant())) return true;
        Duration every = migration.scan().every();
        return !every.isZero() && pass.get().started().plus(every).isBefore(clock.instant());
    }

    /** The table, and then all others that are due, on the same connections. */
    private void scanFrom(TableMapping first) throws InterruptedException {
        String table = first.id();
        Direction carried = direction;
        Cascades unlogged = carried == Direction.FORWARD ? Cascades.of(tables) : Cascades.NONE;
        BooleanSupplier mustRest = () -> held || closed || direction != carried;
        try (Sides sides = new Sides(migration);
                ChangeWatch watch = ChangeWatch.start(
                        bootstrap, topics, carried, migration.lanes().count(), unlogged)) {
            for (Optional<TableMapping> due = Optional.of(first);
                    due.isPresent() && !mustRest.getAsBoolean();
                    due = next()) {
                table = due.get().id();
                scan(due.get(), sides, watch, mustRest);
            }
        } catch (InterruptedException e) {
            if (closed) throw e; // otherwise it was held; what is done stays done
        } catch (SQLException | RuntimeException e) {
            note = "table " + table + " cannot be scanned, trying again: " + e.getMessage();
            LOG.warn("scan cut off; goes on: table={}", table, e);
            Thread.sleep(RETRY.toMillis());
        }
    }

    private void scan(TableMapping table, Sides sides, ChangeWatch watch, BooleanSupplier mustRest)
            throws SQLException, InterruptedException {
        TablePass run = new TablePass(
                migration,
                sides,
                table,
                watch,
                log,
                new ScanPace(migration.scan().maxRowsPerSecond(), mustRest),
                clock,
                mustRest);
        boolean anew = asked.contains(table.id());
        try {
            Pass pass = log.pass(table.id())
                    .filter(known -> !anew && known.goesOn(table.isLogged()))
                    .orElse(null);
            if (pass == null) pass = run.begin();
            if (anew) asked.remove(table.id()); // not before it has begun: a database may be away
            rate = new Rate(table.id(), System.nanoTime(), pass.rowsSource());
            run.run(pass, now -> shown.put(table.id(), now));
            note = "";
            LOG.info("scanned: {}", log.pass(table.id()).orElseThrow());
        } finally {
            rate = null;
            shown.remove(table.id());
        }
    }

    /** What both sides hold of rows, each side read once; changes may be on their way. */
    public List<RowValues> values(List<RowKey> rows) throws SQLException, InterruptedException {
        List<RowValues> values = new ArrayList<>();
        try (Sides sides = new Sides(migration)) {
            for (TableMapping table : tables) {
                List<RowKey> ours = rows.stream()
                        .filter(row -> row.table().equals(table.id()))
                        .toList();
                if (!ours.isEmpty()) values.addAll(RowValues.read(migration, sides, table, ours));
            }
        }
        return values;
    }

    /** What is known of the tables now. */
    public ScanView view() {
        Map<String, Pass> passes = new TreeMap<>();
        for (TableMapping table : tables) log.pass(table.id()).ifPresent(pass -> passes.put(table.id(), pass));
        passes.putAll(shown);
        List<Difference> differences = new ArrayList<>(log.differences());
        Rate now = rate;
        return new ScanView(
                List.copyOf(passes.values()), differences, note, now == null ? null : now.table, rowsPerSecond(now));
    }

    private double rowsPerSecond(@Nullable Rate now) {
        Pass pass = now == null ? null : shown.get(now.table);
        if (now == null || pass == null) return 0;
        return (pass.rowsSource() - now.rows) * 1e9 / Math.max(1, System.nanoTime() - now.nanos);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        log.close();
    }
}
