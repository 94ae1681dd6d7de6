package dev.lockstep.cutover.gate;

import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Micros;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the proof says at one barrier.
 *
 * @param barrierMicros the barrier, microseconds since the epoch
 * @param verdicts a verdict a table, all of that barrier
 */
public record Proof(long barrierMicros, List<TableVerdict> verdicts) {

    public Proof {
        verdicts = List.copyOf(verdicts);
    }

    /** Picks a barrier's verdicts out of many. */
    public static Proof at(long barrierMicros, Collection<TableVerdict> verdicts) {
        return new Proof(
                barrierMicros,
                verdicts.stream()
                        .filter(verdict -> verdict.getBarrierMicros() == barrierMicros)
                        .toList());
    }

    public Instant barrier() {
        return Micros.toInstant(barrierMicros);
    }

    /** Open if every one of the tables is there and is equal: rows, digest sums, no row that differs. */
    public Verdict covers(Set<String> tables) {
        for (TableVerdict verdict : verdicts) {
            if (verdict.getBarrierMicros() != barrierMicros)
                return new Verdict.Unknown(
                        "the proof mixes barriers: " + barrierMicros + " µs and " + verdict.getBarrierMicros() + " µs");
            if (!isEqual(verdict)) return new Verdict.Closed(difference(verdict));
        }
        return complete(tables);
    }

    private Verdict complete(Set<String> tables) {
        if (tables.isEmpty()) return new Verdict.Unknown("the migration names no table to prove");
        Set<String> proven = new HashSet<>();
        verdicts.forEach(verdict -> proven.add(verdict.getTable()));
        Set<String> missing = new TreeSet<>(tables);
        missing.removeAll(proven);
        return missing.isEmpty()
                ? Verdict.OPEN
                : new Verdict.Unknown(
                        "at barrier " + barrier() + " no verdict on " + String.join(", ", missing) + " yet");
    }

    /** The tables whose rows on the origin are others than they were at an earlier barrier. */
    public List<String> changedSince(Proof earlier) {
        return verdicts.stream()
                .filter(verdict -> earlier.verdicts.stream().noneMatch(before -> isSame(before, verdict)))
                .map(TableVerdict::getTable)
                .sorted()
                .toList();
    }

    private static boolean isSame(TableVerdict one, TableVerdict other) {
        return one.getTable().equals(other.getTable())
                && one.getRowsSource() == other.getRowsSource()
                && one.getDigestSource().equals(other.getDigestSource());
    }

    /** Whether a table was the same on both sides: rows, digest sums, no row that differs. */
    public static boolean isEqual(TableVerdict verdict) {
        return verdict.getRowsSource() == verdict.getRowsTarget()
                && verdict.getDigestSource().equals(verdict.getDigestTarget())
                && verdict.getMismatches() == 0;
    }

    private String difference(TableVerdict verdict) {
        String place = "table " + verdict.getTable() + " differs at barrier " + barrier() + ": ";
        if (verdict.getRowsSource() != verdict.getRowsTarget())
            return place + Units.of(verdict.getRowsSource(), "row") + " on the source, " + verdict.getRowsTarget()
                    + " on the target";
        return place + "digest sums are not the same over " + Units.of(verdict.getRowsSource(), "row") + ", "
                + verdict.getMismatches() + " known to differ";
    }
}
