package dev.lockstep.cutover.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a report shows of the chain: the newest point, the last of every hour, and those at which a table was unequal or became equal
 * again, the first {@value #TURNS} of them.
 *
 * @param newest null before the first verdict
 * @param leftOut points at which a table was unequal beyond those shown
 * @param breaks what was found changed or missing in the record; empty: nothing
 */
public record ChainFacts(
        String algorithm, @Nullable Point newest, List<Point> points, long leftOut, List<String> breaks) {

    private static final int TURNS = 2000;
    private static final long HOUR = 3_600_000_000L;
    private static final String ALGORITHM =
            "SHA-256 over the link before and each verdict (length and UTF-8 of the table's id, barrier in microseconds, rows of the"
                    + " source and of the target, sum of the source and of the target, rows that differ; numbers of 8 octets, the"
                    + " length of 4), in the order in which they were first given";

    public static ChainFacts of(List<Point> all, List<String> breaks) {
        List<Point> shown = new ArrayList<>();
        long turns = 0;
        for (int i = 0; i < all.size(); i++) {
            boolean turn = all.get(i).unequal() > 0 || (i > 0 && all.get(i - 1).unequal() > 0);
            if (turn) turns++;
            if ((turn && turns <= TURNS) || endsHour(all, i)) shown.add(all.get(i));
        }
        Point newest = all.isEmpty() ? null : all.get(all.size() - 1);
        return new ChainFacts(ALGORITHM, newest, shown, Math.max(0, turns - TURNS), breaks);
    }

    private static boolean endsHour(List<Point> all, int i) {
        return i == all.size() - 1
                || all.get(i).barrierMicros() / HOUR != all.get(i + 1).barrierMicros() / HOUR;
    }
}
