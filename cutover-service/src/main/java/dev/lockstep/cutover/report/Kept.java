package dev.lockstep.cutover.report;

import java.util.List;
import java.util.Map;

/**
 * What the record knows as of a place in the topics. Saved again and again, always behind the chain's file.
 *
 * @param verdictOffset the next to read
 * @param mismatchOffset the next to read
 * @param mismatches the first rows that have differed
 * @param mismatchesLeftOut reports of rows beyond those
 * @param breaks what was found changed or missing in the record, in words
 */
record Kept(
        long verdictOffset,
        long mismatchOffset,
        Chain chain,
        Map<String, Tally> tables,
        List<Episode> mismatches,
        long mismatchesLeftOut,
        List<String> breaks) {

    static Kept nothing(String migration) {
        return new Kept(0, 0, Chain.of(migration), Map.of(), List.of(), 0, List.of());
    }
}
