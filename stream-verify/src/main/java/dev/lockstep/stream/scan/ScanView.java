package dev.lockstep.stream.scan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the scans know.
 *
 * @param passes the newest over each table that has been begun
 * @param differences the rows that differ
 * @param note what is in the way; empty if nothing is
 * @param table that is being scanned now; null: none
 * @param rowsPerSecond at which it is; 0 where that is not known
 */
public record ScanView(
        List<Pass> passes,
        List<Difference> differences,
        String note,
        @Nullable String table,
        double rowsPerSecond) {}
