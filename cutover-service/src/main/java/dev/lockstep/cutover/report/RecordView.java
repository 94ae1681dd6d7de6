package dev.lockstep.cutover.report;

import java.util.List;
import java.util.Map;

/**
 * The record at one moment.
 *
 * @param points of the chain, all that its file has
 * @param tables by their ids
 * @param mismatches rows that have ever differed, the first {@value MismatchHistory#KEPT}
 * @param mismatchesLeftOut reports of further ones
 * @param breaks what was found changed or missing in the record; empty: nothing
 */
public record RecordView(
        List<Point> points,
        Map<String, Tally> tables,
        List<Episode> mismatches,
        long mismatchesLeftOut,
        List<String> breaks) {}
