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
        List<Table> all = migration.source().dialect().readTables(source).stream()
                .filter(table -> isInReach(migration, table))
                .toList();
        List<Table> wanted = all.stream()
                .filter(table -> migration.tables().matches(table.id().toString()))
                .toList();
        findings.addAll(NamesInFile.check(migration, all));
        if (wanted.isEmpty())
            findings.add(fail("tables", "there is no table to migrate", "look at source.url and tables.include"));
        TableMatcher matcher = new TableMatcher(
                migration,
                migration.target().dialect().readTables(target),
                TableCatalog.read(source, migration.source().dialect()),
                TableCatalog.read(target, migration.target().dialect()),
                findings);
        return wanted.stream().flatMap(table -> matcher.match(table).stream()).toList();
    }

    /** MySQL and MariaDB show the tables of all databases; without a word from the file only the URL's is meant. */
    private static boolean isInReach(Migration migration, Table table) {
        boolean one = migration.source().dialect().engine().equals("postgresql")
                || !migration.tables().include().isEmpty();
        return one || table.id().schema().equals(migration.source().database());
    }
}
