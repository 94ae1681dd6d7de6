package dev.lockstep.stream.lag;

import dev.lockstep.schemas.avro.Mismatch;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.row.RowKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What has been said about equality so far. Verdicts and mismatches come by two topics, so a mismatch may show a moment after the
 * verdict that counts it: who decides by this looks at both.
 *
 * @param known whether it could be read at all; if not, all else is empty and means nothing
 * @param barriers how many barriers all lanes have proven
 * @param newestBarrier the newest of them
 * @param verdicts the newest one of each table, by name
 * @param complete those of the newest barrier at which every table heard of has one, by name; empty if there is none
 * @param openMismatches rows that differ now
 * @param mismatches the first of them, at most {@value #SHOWN}
 * @param differing the keys of those, in the same order
 * @param firstMismatch the first barrier at which any row has ever differed, healed or not
 */
public record ProofView(
        boolean known,
        long barriers,
        Optional<Instant> newestBarrier,
        List<TableVerdict> verdicts,
        List<TableVerdict> complete,
        long openMismatches,
        List<Mismatch> mismatches,
        List<RowKey> differing,
        Optional<Instant> firstMismatch) {

    public static final int SHOWN = 1000;

    static final ProofView UNKNOWN =
            new ProofView(false, 0, Optional.empty(), List.of(), List.of(), 0, List.of(), List.of(), Optional.empty());
}
