package dev.lockstep.cutover.report;

import dev.lockstep.schemas.avro.TableVerdict;
import java.util.Map;
import java.util.TreeMap;

/**
 * Verdicts as they come, counted and chained. Each counts once: the proof repeats those since its last checkpoint after a restart, and
 * all of them when its tables have become others. So the same verdicts, however often repeated, make the same chain.
 */
final class VerdictBook {

    private final Map<String, Tally> tables;
    private Chain chain;
    private long barrierMicros;
    private boolean changed;

    private VerdictBook(Chain chain, Map<String, Tally> tables) {
        this.chain = chain;
        this.tables = new TreeMap<>(tables);
        barrierMicros = tables.values().stream()
                .mapToLong(Tally::newestBarrierMicros)
                .max()
                .orElse(0);
    }

    static VerdictBook begin(String migration) {
        return new VerdictBook(Chain.of(migration), Map.of());
    }

    static VerdictBook resume(Chain chain, Map<String, Tally> tables) {
        return new VerdictBook(chain, tables);
    }

    boolean isRepeat(TableVerdict verdict) {
        Tally known = tables.get(verdict.getTable());
        return known != null && verdict.getBarrierMicros() <= known.newestBarrierMicros();
    }

    /** Whether it is a new one. */
    boolean add(TableVerdict verdict) {
        if (isRepeat(verdict)) return false;
        chain = chain.plus(verdict);
        Tally before = tables.get(verdict.getTable());
        Tally after = Tally.plus(before, verdict);
        tables.put(verdict.getTable(), after);
        boolean turned = before == null ? !after.equal() : before.equal() != after.equal();
        changed = turned || (changed && barrierMicros == verdict.getBarrierMicros());
        barrierMicros = verdict.getBarrierMicros();
        return true;
    }

    Chain chain() {
        return chain;
    }

    Map<String, Tally> tables() {
        return Map.copyOf(tables);
    }

    /** Of the newest verdict; 0 before the first. */
    long barrierMicros() {
        return barrierMicros;
    }

    /** Where the chain stands. Tables that are judged no more count no more. */
    Point point() {
        long unequal = tables.values().stream()
                .filter(table -> table.newestBarrierMicros() == barrierMicros && !table.equal())
                .count();
        return new Point(chain.verdicts(), barrierMicros, unequal, chain.link());
    }

    /** Whether a table has become equal or unequal at the newest verdict's barrier. */
    boolean isChanged() {
        return changed;
    }
}
