package dev.lockstep.cutover.cli;

import dev.lockstep.ingest.preflight.Finding;
import dev.lockstep.ingest.preflight.Preflight;
import dev.lockstep.ingest.preflight.PreflightReport;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Migration;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What both databases showed as a run began.
 *
 * @param agreement on the tables: of the first run, or since the last resumption
 * @param changed what is not as it was agreed on; the run then begins paused
 */
record Beginning(PreflightReport preflight, TableAgreement agreement, Optional<String> changed) {

    /**
     * @throws ConfigurationException if the migration cannot begin, or cannot go on
     */
    static Beginning look(Migration migration) throws SQLException {
        PreflightReport preflight = Preflight.check(migration);
        Optional<TableAgreement> agreement = TableAgreement.load(migration.state());
        Optional<String> changed = agreement.isPresent() && isReachable(preflight)
                ? agreement.get().changed(migration, preflight)
                : Optional.empty();
        if (changed.isEmpty()) refuse(preflight);
        return new Beginning(preflight, agreement.isPresent() ? agreement.get() : first(migration, preflight), changed);
    }

    private static boolean isReachable(PreflightReport preflight) {
        return !preflight.sourceVersion().isEmpty()
                && !preflight.targetVersion().isEmpty();
    }

    private static TableAgreement first(Migration migration, PreflightReport preflight) throws SQLException {
        TableAgreement agreement = TableAgreement.of(migration, preflight.tables());
        agreement.save(migration.state());
        return agreement;
    }

    private static void refuse(PreflightReport report) {
        if (!report.passed())
            throw new ConfigurationException("the migration cannot begin yet:\n" + report.describe(Finding.Level.FAIL));
    }
}
