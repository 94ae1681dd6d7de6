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
     * @throws ConfigurationException if the migration has never begun, and cannot
     */
    static Beginning look(Migration migration) throws SQLException {
        PreflightReport preflight = Preflight.check(migration);
        Optional<TableAgreement> agreement = TableAgreement.load(migration.state());
        if (agreement.isEmpty()) return first(migration, preflight);
        agreement.get().refuseOtherLanes(migration);
        Optional<String> changed =
                isReachable(preflight) ? agreement.get().changed(migration, preflight) : Optional.empty();
        return new Beginning(preflight, agreement.get(), changed);
    }

    private static boolean isReachable(PreflightReport preflight) {
        return !preflight.sourceVersion().isEmpty()
                && !preflight.targetVersion().isEmpty();
    }

    private static Beginning first(Migration migration, PreflightReport preflight) throws SQLException {
        refuse(preflight);
        Beginning first = new Beginning(preflight, TableAgreement.of(migration, preflight.tables()), Optional.empty());
        first.agreement.save(migration.state());
        return first;
    }

    /**
     * What is not to be asked before a cutover under way has come to its end: until then the source may be fenced, and the application
     * waits.
     *
     * @throws ConfigurationException if the migration cannot go on
     */
    void refuseUnlessReady() {
        if (changed.isEmpty()) refuse(preflight);
    }

    private static void refuse(PreflightReport report) {
        if (!report.passed())
            throw new ConfigurationException("the migration cannot begin yet:\n" + report.describe(Finding.Level.FAIL));
    }
}
