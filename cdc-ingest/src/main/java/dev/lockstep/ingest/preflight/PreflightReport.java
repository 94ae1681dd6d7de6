package dev.lockstep.ingest.preflight;

import dev.lockstep.ingest.preflight.Finding.Level;
import dev.lockstep.schemas.table.TableMapping;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What preflight found, and the tables as both sides agree on them.
 *
 * @param sourceVersion empty while the source cannot be reached
 * @param targetVersion empty while the target cannot be reached
 */
public record PreflightReport(
        List<Finding> findings, List<TableMapping> tables, String sourceVersion, String targetVersion) {

    public boolean passed() {
        return findings.stream().noneMatch(f -> f.level() == Level.FAIL);
    }

    /** The findings of a level, a paragraph each. */
    public String describe(Level level) {
        return findings.stream()
                .filter(f -> f.level() == level)
                .map(Finding::toString)
                .collect(Collectors.joining("\n"));
    }
}
