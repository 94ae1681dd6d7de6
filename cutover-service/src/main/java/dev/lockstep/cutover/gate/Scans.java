package dev.lockstep.cutover.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the scans say.
 *
 * @param tables those that a scan has begun on
 * @param maxAge of the oldest table's clean pass
 */
public record Scans(List<Scanned> tables, Duration maxAge) {

    public Scans {
        tables = List.copyOf(tables);
    }

    /**
     * @param clean when the newest pass began that compared all rows and found no difference
     * @param differences rows that differ now
     */
    public record Scanned(String table, Optional<Instant> clean, long differences) {}

    /** Open if every one of the tables has a clean pass, and no row differs. */
    Verdict covers(Set<String> wanted) {
        for (Scanned table : tables)
            if (table.differences > 0)
                return new Verdict.Closed("a scan found that " + Units.of(table.differences, "row") + " of "
                        + table.table + " differ; see lockstep repair, then scan again");
        for (String table : wanted) if (clean(table).isEmpty()) return unscanned(table);
        return Verdict.OPEN;
    }

    /** Open if the clean pass of every one of the tables is young enough. */
    Verdict isYoung(Set<String> wanted, Instant now) {
        for (String table : wanted) {
            Optional<Instant> clean = clean(table);
            if (clean.isEmpty()) return unscanned(table);
            Duration age = Duration.between(clean.get(), now);
            if (age.compareTo(maxAge) > 0)
                return new Verdict.Closed("the last clean scan of " + table + " is " + Units.of(age)
                        + " old, more than " + Units.of(maxAge));
        }
        return Verdict.OPEN;
    }

    private static Verdict unscanned(String table) {
        return new Verdict.Unknown("table " + table + " has not been scanned from end to end");
    }

    private Optional<Instant> clean(String table) {
        return tables.stream()
                .filter(scanned -> scanned.table.equals(table))
                .findFirst()
                .flatMap(Scanned::clean);
    }
}
