package dev.lockstep.cutover.report;

import dev.lockstep.cutover.gate.Proof;
import dev.lockstep.schemas.avro.TableVerdict;
import org.jspecify.annotations.Nullable;

/**
 * What was said of one table so far.
 *
 * @param equalAt at how many of those barriers both sides were equal
 * @param equal at the newest one
 */
public record Tally(long firstBarrierMicros, long newestBarrierMicros, long verdicts, long equalAt, boolean equal) {

    static Tally plus(@Nullable Tally before, TableVerdict verdict) {
        long barrier = verdict.getBarrierMicros();
        boolean equal = Proof.isEqual(verdict);
        if (before == null) return new Tally(barrier, barrier, 1, equal ? 1 : 0, equal);
        return new Tally(
                before.firstBarrierMicros, barrier, before.verdicts + 1, before.equalAt + (equal ? 1 : 0), equal);
    }
}
