package dev.lockstep.ingest.preflight;

import dev.lockstep.schemas.migration.Endpoint;
import java.sql.SQLException;

/** Says why a database did not let us in, by SQL state (SQL:2016 class 08 connection, 28 authorization, 3D/42 catalog). */
final class Unreachable {

    private Unreachable() {}

    static Finding finding(String side, Endpoint endpoint, SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        String where = endpoint.host() + ":" + endpoint.port();
        if (state.startsWith("28") || e.getErrorCode() == 1045)
            return Finding.fail(
                    side,
                    where + " refuses user " + endpoint.user() + ": wrong password or no right to come from here",
                    "check " + side + ".user and the secret that " + side + ".password names");
        if (state.equals("3D000") || e.getErrorCode() == 1049 || e.getErrorCode() == 1044)
            return Finding.fail(
                    side,
                    "there is no database " + endpoint.database() + " at " + where + " for user " + endpoint.user(),
                    "check the name at the end of " + side + ".url");
        return Finding.fail(
                side,
                "cannot reach " + where + ": " + e.getMessage(),
                "is the server up, is " + side + ".url right, does a firewall stand between?");
    }
}
