package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.report.ProofReport;
import dev.lockstep.cutover.watch.Milestones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The proof reports that are written by themselves while the application writes on the target. Nothing that is wrong with one ends the run. */
final class SoakReports {

    private static final Logger LOG = LoggerFactory.getLogger(SoakReports.class);
    private static final Duration RETRY = Duration.ofMinutes(1);

    private final Path state;
    private final Supplier<ProofReport> report;
    private final Clock clock;
    private Instant next = Instant.MIN;

    SoakReports(Path state, Supplier<ProofReport> report, Clock clock) {
        this.state = state;
        this.report = report;
        this.clock = clock;
    }

    /** Writes the one that is due, if one is. */
    void tend(Instant opened) {
        Instant now = clock.instant();
        if (now.isBefore(next)) return;
        Optional<Integer> due = Milestones.due(Duration.between(opened, now), written(state, opened));
        if (due.isEmpty()) return;
        try {
            ReportFiles.of(state, due.get()).write(report.get());
            LOG.info("report written: hours={}", due.get());
        } catch (RuntimeException e) {
            next = now.plus(RETRY);
            LOG.warn("no report was written; trying again: hours={} error={}", due.get(), e.toString());
        }
    }

    /** The hours whose reports have been written since the target opened: a file from before is of an earlier cutover. */
    private static Set<Integer> written(Path state, Instant opened) {
        return Milestones.hours().stream()
                .filter(hour -> isSince(ReportFiles.of(state, hour).page(), opened))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isSince(Path file, Instant opened) {
        try {
            return !Files.getLastModifiedTime(file).toInstant().isBefore(opened);
        } catch (IOException notThere) {
            return false;
        }
    }

    /** Their names in the state directory. */
    static List<String> names(Path state, Instant opened) {
        return written(state, opened).stream()
                .sorted()
                .map(hour -> String.valueOf(ReportFiles.of(state, hour).page().getFileName()))
                .toList();
    }
}
