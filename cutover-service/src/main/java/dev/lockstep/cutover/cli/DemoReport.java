package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Json;
import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.demo.Audit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the demo measured.
 *
 * @param following the last status before the cutover began, or the last of all: its lag is that of the hold time
 * @param end the last status of all
 * @param audit what the application's ledger found; null where no cutover happened
 * @param clientPause between the last commit that the source acknowledged and the first that the target did
 */
record DemoReport(
        Status following,
        Status end,
        long acknowledged,
        long errors,
        @Nullable Audit audit,
        @Nullable Duration clientPause) {

    /** Moved, nothing lost, every table equal. */
    boolean passed() {
        return audit != null
                && audit.passed()
                && end.cutover() != null
                && end.proof().mismatches() == 0
                && end.proof().tables().stream().allMatch(Status.TableStatus::equal);
    }

    void write(Path file) {
        Json.write(file, asMap());
    }

    private Map<String, Object> asMap() {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("migration", end.migration());
        report.put("source", end.source());
        report.put("target", end.target());
        report.put("writes", writes());
        report.put("copy", end.copy());
        report.put("changes", changes());
        report.put("lag", lag());
        report.put("proof", proof());
        report.put("mismatches", end.mismatches());
        report.put("cutover", cutover());
        report.put("phases", end.phases());
        return report;
    }

    private Map<String, Object> writes() {
        Map<String, Object> writes = new LinkedHashMap<>();
        writes.put("acknowledged", acknowledged);
        writes.put("errors", errors);
        writes.put("lost", audit == null ? null : audit.lost());
        writes.put("firstLost", audit == null ? List.of() : audit.firstLost());
        return writes;
    }

    private Map<String, Object> changes() {
        Map<String, Object> changes = new LinkedHashMap<>();
        changes.put("captured", end.changes().captured());
        changes.put("applied", end.changes().applied());
        changes.put("perSecond", following.changes().perSecond());
        return changes;
    }

    private Map<String, Object> lag() {
        Map<String, Object> lag = new LinkedHashMap<>();
        following.lag().forEach((stage, measured) -> {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("p50Millis", measured.p50Millis());
            figures.put("p99Millis", measured.p99Millis());
            figures.put("maxMillis", measured.maxMillis());
            figures.put("overSeconds", measured.windowSeconds());
            lag.put(stage, figures);
        });
        return lag;
    }

    private Map<String, Object> proof() {
        Map<String, Object> proof = new LinkedHashMap<>();
        proof.put("barriers", end.proof().barriers());
        proof.put("lastBarrier", end.proof().lastBarrier());
        proof.put("mismatches", end.proof().mismatches());
        proof.put("tables", end.proof().tables());
        return proof;
    }

    private @Nullable Map<String, Object> cutover() {
        Status.Cutover done = end.cutover();
        if (done == null) return null;
        Map<String, Object> cutover = new LinkedHashMap<>();
        cutover.put("writePauseMillis", done.writePauseMillis());
        cutover.put("clientObservedPauseMillis", clientPause == null ? null : clientPause.toMillis());
        cutover.put("dns", done.dns());
        return cutover;
    }
}
