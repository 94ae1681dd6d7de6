package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Finding.fail;
import static dev.lockstep.ingest.preflight.Finding.pass;

import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.Table;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks at both databases before anything is changed: can every table be captured, carried and compared without loss? */
public final class Preflight {

    private Preflight() {}

    /** Reads only. Whatever is wrong is a finding; nothing is thrown for the state of a database. */
    public static PreflightReport check(Migration migration) {
        List<Finding> findings = new ArrayList<>();
        List<TableMapping> tables = new ArrayList<>();
        String sourceVersion = "";
        String targetVersion = "";
        try (Connection source = connect("source", migration.source(), findings);
                Connection target = connect("target", migration.target(), findings)) {
            if (source != null) sourceVersion = migration.source().dialect().version(source);
            if (target != null) targetVersion = migration.target().dialect().version(target);
            if (source != null && target != null) {
                differentDatabases(migration, source, target, findings);
                LogSettings.check("source", migration.source(), source, findings);
                LogSettings.check("target", migration.target(), target, findings);
                tables.addAll(matchTables(migration, source, target, findings));
                ReplicaIdentity.check("source", migration.source(), source, tables, TableMapping::source, findings);
                ReplicaIdentity.check("target", migration.target(), target, tables, TableMapping::target, findings);
            }
        } catch (SQLException e) {
            findings.add(fail(
                    "databases",
                    "a check could not be made: " + e.getMessage(),
                    "grant the user what it asks for, then try again"));
        }
        return new PreflightReport(findings, tables, sourceVersion, targetVersion);
    }

    private static @org.jspecify.annotations.Nullable Connection connect(
            String side, Endpoint endpoint, List<Finding> findings) {
        try {
            Connection connection = endpoint.connect();
            findings.add(pass(
                    side,
                    endpoint.dialect().engine() + " " + endpoint.dialect().version(connection) + " at "
                            + endpoint.url()));
            return connection;
        } catch (SQLException e) {
            findings.add(Unreachable.finding(side, endpoint, e));
        } catch (ConfigurationException e) {
            findings.add(fail(side, String.valueOf(e.getMessage()), side + ".password names where the secret is"));
        }
        return null;
    }

    private static void differentDatabases(
            Migration migration, Connection source, Connection target, List<Finding> findings) throws SQLException {
        String one = Identity.of(migration.source(), source);
        if (one.equals(Identity.of(migration.target(), target)))
            findings.add(fail(
                    "target", "is the same database as the source (" + one + ")", "set target.url to the new home"));
        else findings.add(pass("target", "is another database than the source"));
    }

    private static List<TableMapping> matchTables(
            Migration migration, Connection source, Connection target, List<Finding> findings) throws SQLException {
        List<Table> wanted = migration.source().dialect().readTables(source).stream()
                .filter(table -> migration.tables().matches(table.id().toString()))
                .toList();
        if (wanted.isEmpty())
            findings.add(fail(
                    "tables",
                    "tables.include matches no table of the source",
                    "name tables as schema.table; * stands for any text"));
        List<Table> there = migration.target().dialect().readTables(target);
        TableMatcher matcher = new TableMatcher(migration.tables().targetSchema(), there, findings);
        return wanted.stream().flatMap(table -> matcher.match(table).stream()).toList();
    }
}
