package dev.lockstep.stream.prove;

import dev.lockstep.schemas.avro.MismatchKind;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.table.TableMapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;

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
        Map<Long, String> table = table(Side.SOURCE, lane);
        Shop.Event event = random.nextInt(3) == 0 ? delete(lane, id, table) : put(lane, id, table);
        log(Side.SOURCE, lane).add(event);
        waiting.get(lane).put(id, event);
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
        log.add(random.nextBoolean() ? delete(lane, id, table) : put(lane, id, table));
    }

    private BiConsumer<Long, Shop.Event> apply(int lane, List<Shop.Event> log) {
        return (id, change) -> {
            String name = table(Side.SOURCE, lane).get(id);
            if (name == null) table(Side.TARGET, lane).remove(id);
            else table(Side.TARGET, lane).put(id, name);
            log.add(change);
        };
    }

    private void snapshot(int lane, List<Shop.Event> log) {
        log.clear();
        table(Side.TARGET, lane).forEach((id, name) -> log.add(Shop.read(tables.get(lane), id, name)));
    }

    private Shop.Event delete(int lane, long id, Map<Long, String> table) {
        table.remove(id);
        return Shop.delete(tables.get(lane), id);
    }

    private Shop.Event put(int lane, long id, Map<Long, String> table) {
        String name = "n" + random.nextInt(4);
        table.put(id, name);
        return Shop.update(tables.get(lane), id, name);
    }

    private void sendAgain(List<Shop.Event> log) {
        int from = Math.max(0, log.size() - random.nextInt(12));
        log.addAll(List.copyOf(log.subList(from, log.size())));
    }

    private Truth truth(TableMapping table, long micros) {
        Map<Long, String> source = table(Side.SOURCE, table.lane());
        Map<Long, String> target = table(Side.TARGET, table.lane());
        long open = 0;
        for (long id = 0; id < KEYS; id++) {
            String row = table.id() + id;
            if (Objects.equals(source.get(id), target.get(id))) {
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
        if (table(Side.TARGET, lane).get(id) == null) return MismatchKind.MISSING;
        return table(Side.SOURCE, lane).get(id) == null ? MismatchKind.UNEXPECTED : MismatchKind.DIFFERS;
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
