package dev.lockstep.stream.prove;

import dev.lockstep.schemas.avro.MismatchKind;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.TableMapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A model of two databases and their logs: random changes on the source, a target that follows barrier by barrier with net
 * changes, somebody who writes to the target, barriers that a lane does not show, a target captured late, connectors that send
 * again. Knows what is true at every barrier that all lanes show.
 */
final class World {

    private static final int KEYS = 12;

    final List<TableMapping> tables = List.of(Shop.table("items", 0), Shop.table("orders", 1));
    /** Per side and lane, in order. */
    final Map<Side, List<List<Shop.Event>>> logs = new HashMap<>();

    final List<Truth> truths = new ArrayList<>();

    private final Random random;
    private final Map<Side, List<Map<Long, String>>> rows = new HashMap<>();
    private final List<Map<Long, Shop.Event>> waiting = List.of(new TreeMap<>(), new TreeMap<>());
    /** The barrier from which on each of the target's lanes is captured; 0 once it is. */
    private final int[] captureFrom;

    private final Map<String, Long> differsSince = new HashMap<>();

    /** What the source really holds; with faults its log says something else. */
    private final List<Map<Long, String>> real = List.of(new HashMap<>(), new HashMap<>());

    /** How far each log is: by side and lane. */
    private final long[] places = new long[4];

    private final boolean faults;
    private int barriers;
    private final Set<String> lost = new HashSet<>();
    /** Rows that were read anew and have not changed since. */
    private final Set<String> readAnew = new HashSet<>();

    /** What a verdict must say. */
    record Truth(
            String table,
            long barrier,
            long rowsSource,
            long rowsTarget,
            RowDigest source,
            RowDigest target,
            long open) {}

    World(long seed, int barriers) {
        this(seed, barriers, false);
    }

    /**
     * @param faults whether changes of the source are dropped, sent twice out of order, and swapped before anybody reads them, and rows
     *     are repaired now and then
     */
    World(long seed, int barriers, boolean faults) {
        this.faults = faults;
        random = new Random(seed);
        for (Side side : Side.values()) {
            logs.put(side, List.of(new ArrayList<>(), new ArrayList<>()));
            rows.put(side, List.of(new HashMap<>(), new HashMap<>()));
        }
        captureFrom = new int[] {1 + random.nextInt(barriers / 2), 1 + random.nextInt(barriers / 2)};
        long micros = 0;
        for (int i = 1; i <= barriers; i++) {
            micros += 1 + random.nextInt(2);
            interval(i, micros);
            this.barriers = i;
        }
        rest(micros + 1);
    }

    private void interval(int number, long micros) {
        for (int changes = random.nextInt(8); changes > 0; changes--) changeSource(random.nextInt(2));
        boolean everywhere = true;
        for (int lane = 0; lane < 2; lane++) {
            log(Side.SOURCE, lane).add(Shop.barrier(lane, micros));
            if (random.nextInt(6) == 0) sendAgain(log(Side.SOURCE, lane));
            everywhere &= random.nextInt(8) > 0 && follow(number, lane, micros);
        }
        if (everywhere) for (TableMapping table : tables) truths.add(truth(table, micros));
    }

    /** A last barrier, behind whatever was sent again. */
    private void rest(long micros) {
        for (int lane = 0; lane < 2; lane++) {
            List<Shop.Event> log = log(Side.TARGET, lane);
            waiting.get(lane).forEach(apply(lane, log));
            for (Side side : Side.values()) log(side, lane).add(Shop.barrier(lane, micros));
        }
        for (TableMapping table : tables) truths.add(truth(table, micros));
    }

    private void changeSource(int lane) {
        long id = random.nextInt(KEYS);
        Shop.Event event = written(Side.SOURCE, lane, id, real.get(lane));
        if (event == null) return;
        switch (faults ? random.nextInt(20) : -1) {
            case 0 -> {} // dropped
            case 1 -> {
                Shop.Event next = written(Side.SOURCE, lane, id, real.get(lane));
                if (next != null) send(lane, id, next, true);
                send(lane, id, event, next == null);
            }
            case 2 -> {
                send(lane, id, event, true);
                Shop.Event next = written(Side.SOURCE, lane, id, real.get(lane));
                if (next != null) send(lane, id, next, true);
                send(lane, id, event, false);
            }
            case 3 -> repair(lane, id);
            default -> send(lane, id, event, true);
        }
    }

    /** A change comes to the topic: from then on both the target and the proof know of it. */
    private void send(int lane, long id, Shop.Event event, boolean isNew) {
        log(Side.SOURCE, lane).add(event);
        waiting.get(lane).put(id, event);
        Map<Long, String> known = table(Side.SOURCE, lane);
        String row = tables.get(lane).id() + id;
        boolean isExact = !readAnew.remove(row);
        if (isNew
                && isExact
                && barriers > 0
                && !Objects.equals(name(event.change().before()), known.get(id))) lost.add(row);
        set(known, id, name(event.change().after()));
    }

    /** The repair puts the row as it is now into the topic. */
    private void repair(int lane, long id) {
        String name = real.get(lane).get(id);
        String row = tables.get(lane).id() + id;
        Shop.Event event = Shop.readAnew(tables.get(lane), id, name);
        log(Side.SOURCE, lane).add(event);
        waiting.get(lane).put(id, event);
        set(table(Side.SOURCE, lane), id, name);
        lost.remove(row);
        if (barriers > 0) readAnew.add(row);
    }

    private static @Nullable String name(@Nullable Row row) {
        return row == null ? null : ((Value.Text) row.values().get(1)).value();
    }

    private static void set(Map<Long, String> table, long id, @Nullable String name) {
        if (name == null) table.remove(id);
        else table.put(id, name);
    }

    /** Brings the target up to the barrier; says whether the lane shows it. Where it is not called, the next one does it all. */
    private boolean follow(int number, int lane, long micros) {
        List<Shop.Event> log = log(Side.TARGET, lane);
        waiting.get(lane).forEach(apply(lane, log));
        waiting.get(lane).clear();
        if (random.nextInt(6) == 0) writeToTarget(lane, log);
        if (number < captureFrom[lane]) return false;
        if (captureFrom[lane] > 0) snapshot(lane, log);
        captureFrom[lane] = 0;
        log.add(Shop.barrier(lane, micros));
        if (random.nextInt(6) == 0) sendAgain(log);
        return true;
    }

    private void writeToTarget(int lane, List<Shop.Event> log) {
        long id = random.nextInt(KEYS);
        Map<Long, String> table = table(Side.TARGET, lane);
        Shop.Event event = written(Side.TARGET, lane, id, table);
        if (event != null) log.add(event);
    }

    private BiConsumer<Long, Shop.Event> apply(int lane, List<Shop.Event> log) {
        return (id, change) -> {
            String name = table(Side.SOURCE, lane).get(id);
            Map<Long, String> target = table(Side.TARGET, lane);
            String before = target.get(id);
            if (before != null || name != null)
                log.add(Shop.logged(tables.get(lane), place(Side.TARGET, lane), id, before, name));
            set(target, id, name);
        };
    }

    private void snapshot(int lane, List<Shop.Event> log) {
        log.clear();
        table(Side.TARGET, lane).forEach((id, name) -> log.add(Shop.read(tables.get(lane), id, name)));
    }

    /** A random change of the row as its log has it; null where there is nothing to delete. */
    private Shop.@Nullable Event written(Side side, int lane, long id, Map<Long, String> table) {
        String before = table.get(id);
        String after = random.nextInt(3) == 0 ? null : "n" + random.nextInt(4);
        if (before == null && after == null) return null;
        set(table, id, after);
        return Shop.logged(tables.get(lane), place(side, lane), id, before, after);
    }

    private long place(Side side, int lane) {
        return ++places[side.ordinal() * 2 + lane];
    }

    private void sendAgain(List<Shop.Event> log) {
        int from = Math.max(0, log.size() - random.nextInt(12));
        if (faults) from = Math.max(from, afterLastRead(log)); // no connector sends those again
        log.addAll(List.copyOf(log.subList(from, log.size())));
    }

    private static int afterLastRead(List<Shop.Event> log) {
        int last = log.size();
        while (last > 0 && !log.get(last - 1).change().position().equals(Position.SNAPSHOT)) last--;
        return last;
    }

    private Truth truth(TableMapping table, long micros) {
        Map<Long, String> source = table(Side.SOURCE, table.lane());
        Map<Long, String> target = table(Side.TARGET, table.lane());
        long open = 0;
        for (long id = 0; id < KEYS; id++) {
            String row = table.id() + id;
            if (Objects.equals(source.get(id), target.get(id)) && !lost.contains(row)) {
                differsSince.remove(row);
            } else {
                differsSince.putIfAbsent(row, micros);
                open++;
            }
        }
        return new Truth(
                table.id(), micros, source.size(), target.size(), sum(table, source), sum(table, target), open);
    }

    /** The mismatches that are open in the end, as {@code table key kind since}. */
    List<String> mismatches() {
        List<String> open = new ArrayList<>();
        for (TableMapping table : tables)
            for (long id = 0; id < KEYS; id++) {
                Long since = differsSince.get(table.id() + id);
                if (since != null) open.add(table.id() + " (" + id + ") " + kind(table.lane(), id) + " " + since);
            }
        return open;
    }

    private MismatchKind kind(int lane, long id) {
        String source = table(Side.SOURCE, lane).get(id);
        String target = table(Side.TARGET, lane).get(id);
        if (Objects.equals(source, target)) return MismatchKind.LOST_ON_SOURCE;
        if (target == null) return MismatchKind.MISSING;
        return source == null ? MismatchKind.UNEXPECTED : MismatchKind.DIFFERS;
    }

    private static RowDigest sum(TableMapping table, Map<Long, String> rows) {
        RowDigest sum = RowDigest.ZERO;
        for (Map.Entry<Long, String> row : rows.entrySet())
            sum = sum.plus(Shop.digest(table, row.getKey(), row.getValue()));
        return sum;
    }

    List<Shop.Event> log(Side side, int lane) {
        return Objects.requireNonNull(logs.get(side)).get(lane);
    }

    private Map<Long, String> table(Side side, int lane) {
        return Objects.requireNonNull(rows.get(side)).get(lane);
    }
}
