package dev.lockstep.cutover.cli;

import dev.lockstep.ingest.preflight.Finding.Fix;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Runs the statements that mend what a check has found, as the migration's own users. */
record Fixes(Migration migration, PrintStream out) {

    /** Shows them, and asks whoever sits at the terminal. No answer is no. */
    boolean agreed(List<Fix> fixes) {
        for (Fix fix : fixes)
            for (String statement : fix.statements()) out.println(fix.side() + ": " + statement + ";");
        return Operator.agrees("run these?");
    }

    /** Whether any was run; what a database refuses is said, and the rest goes on. */
    boolean run(List<Fix> fixes) {
        boolean any = false;
        for (Fix fix : fixes) any |= run(fix);
        return any;
    }

    private boolean run(Fix fix) {
        Endpoint endpoint = fix.side().equals("source") ? migration.source() : migration.target();
        try (Connection connection = endpoint.connectWriter();
                var session = connection.createStatement()) {
            if (endpoint.dialect().engine().equals("postgresql")) session.execute("set lock_timeout = '5s'");
            for (String statement : fix.statements()) {
                session.execute(statement);
                out.println("done on the " + fix.side() + ": " + statement);
            }
            return true;
        } catch (SQLException e) {
            out.println("the " + fix.side() + " refuses " + fix.statements() + " from user " + endpoint.user() + ": "
                    + e.getMessage() + "; run it as an administrator");
            return false;
        }
    }
}
