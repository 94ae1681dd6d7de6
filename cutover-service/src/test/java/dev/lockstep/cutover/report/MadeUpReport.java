package dev.lockstep.cutover.report;

import dev.lockstep.cutover.api.Status;
import java.time.Instant;
import java.util.List;

/** A report of nothing but tables and chain. */
public final class MadeUpReport {

    static final Instant AT = Instant.parse("2026-11-24T00:00:00Z");

    private MadeUpReport() {}

    public static ProofReport of(List<ProofReport.TableProof> tables, ChainFacts chain) {
        return new ProofReport(
                "shop",
                AT,
                new ProofReport.Database("mariadb", "11.4", "a", 3306, "shop"),
                new ProofReport.Database("postgresql", "17", "b", 5432, "shop"),
                "FOLLOWING",
                new ProofReport.Barriers(10, AT, AT, 20),
                tables,
                List.of(),
                List.of(),
                List.of(),
                List.of("as is"),
                List.of("nothing <b>else</b>"),
                new ProofReport.Mismatches(1, List.of(new Episode("<script>", "(\"'&)", "DIFFERS", AT, 1, null)), 0),
                null,
                new Status.DeadLetters(0, List.of()),
                List.of(),
                chain);
    }
}
