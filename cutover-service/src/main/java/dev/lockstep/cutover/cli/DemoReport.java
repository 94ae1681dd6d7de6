package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Json;
import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.demo.Audit;
import dev.lockstep.cutover.phase.PhaseName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the demo measured.
 *
 * @param following the last status before the cutover began, or the last of all: its lag is that of the hold time
 * @param end the last status of all
 * @param onTarget the last status with the application on the target; null where no cutover happened
 * @param back whether the traffic was to go back
 * @param audit what the application's ledger found; null likewise
 * @param clientPauses between the last commit that one side acknowledged and the first that the other did, for every switch
 */
record DemoReport(
        Status following,
        Status end,
        @Nullable Status onTarget,
        boolean back,
        long acknowledged,
        long errors,
        @Nullable Audit audit,
        List<Duration> clientPauses) {

    static Optional<Status.PhaseEntry> wentBack(Status status) {
        return status.phases().stream()
                .filter(entry -> entry.phase().equals(PhaseName.ROLLED_BACK.name()))
                .findFirst();
    }

    Optional<Status.PhaseEntry> wentBack() {
        return wentBack(end);
    }

    Status.@Nullable Cutover cutover() {
        return onTarget == null ? null : onTarget.cutover();
    }

    @Nullable
    Duration clientPause(int number) {
        return number < clientPauses.size() ? clientPauses.get(number) : null;
    }

    /** Moved, and back if that was wanted, nothing lost, every table equal. */
    boolean passed() {
        return audit != null
                && audit.passed()
                && cutover() != null
                && back == wentBack().isPresent()
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
        report.put("copy", following.copy());
        report.put("changes", changes());
        report.put("lag", lag());
        report.put("proof", proof());
        report.put("mismatches", end.mismatches());
        report.put("cutover", cutoverAsMap());
        report.put("back", backAsMap());
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

    private @Nullable Map<String, Object> backAsMap() {
        Duration pause = clientPause(1);
        return wentBack()
                .map(entry -> {
                    Map<String, Object> back = new LinkedHashMap<>();
                    back.put("at", entry.at());
                    back.put("reason", entry.reason());
                    back.put("clientObservedPauseMillis", pause == null ? null : pause.toMillis());
                    return back;
                })
                .orElse(null);
    }

    private @Nullable Map<String, Object> cutoverAsMap() {
        Status.Cutover done = cutover();
        Duration clientPause = clientPause(0);
        if (done == null) return null;
        Map<String, Object> cutover = new LinkedHashMap<>();
        cutover.put("writePauseMillis", done.writePauseMillis());
        cutover.put("clientObservedPauseMillis", clientPause == null ? null : clientPause.toMillis());
        cutover.put("dns", done.dns());
        return cutover;
    }
}
