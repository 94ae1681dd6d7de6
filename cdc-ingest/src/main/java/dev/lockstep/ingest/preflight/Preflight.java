package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Finding.fail;
import static dev.lockstep.ingest.preflight.Finding.pass;
import static dev.lockstep.ingest.preflight.Finding.warn;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.Table;
import dev.lockstep.schemas.table.TableMapping;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Looks at both databases and Kafka before anything is changed: can every table be captured, carried and compared without loss? What is
 * there is gathered first; what follows from it is then decided without a database.
 */
public final class Preflight {

    private final Migration migration;
    private final List<Finding> findings = new ArrayList<>();
    private List<TableMapping> tables = List.of();
    private String sourceVersion = "";
    private String targetVersion = "";

    private Preflight(Migration migration) {
        this.migration = migration;
    }

    /** Reads only. Whatever is wrong is a finding; nothing is thrown for the state of a database. */
    public static PreflightReport check(Migration migration) {
        Preflight preflight = new Preflight(migration);
        KafkaFacts kafka = preflight.kafka();
        preflight.databases(kafka);
        return new PreflightReport(
                List.copyOf(preflight.findings), preflight.tables, preflight.sourceVersion, preflight.targetVersion);
    }

    /** The team's own; null where it runs in-process, or cannot be looked at. */
    private @Nullable KafkaFacts kafka() {
        String bootstrap = migration.kafka().bootstrap();
        if (bootstrap == null) return null;
        Set<String> engines = new HashSet<>(List.of(
                migration.source().dialect().engine(),
                migration.target().dialect().engine()));
        Topics topics = new Topics(migration.name());
        try {
            KafkaFacts facts = KafkaFacts.gather(
                    migration.kafka(),
                    bootstrap,
                    topics,
                    KafkaRequirements.connector(migration.source().dialect().engine()));
            findings.addAll(KafkaRequirements.judge(facts, topics, engines));
            return facts;
        } catch (IOException | KafkaException | IllegalArgumentException e) {
            findings.add(fail(
                    "kafka",
                    bootstrap + ": " + e.getMessage(),
                    "is it up, are kafka.bootstrap and kafka.connect right, does a firewall stand between?"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    private void databases(@Nullable KafkaFacts kafka) {
        try (Connection source = connect("source", migration.source());
                Connection target = connect("target", migration.target())) {
            if (source != null) sourceVersion = migration.source().dialect().version(source);
            if (target != null) targetVersion = migration.target().dialect().version(target);
            if (source != null && target != null) databases(source, target, kafka);
        } catch (SQLException e) {
            findings.add(fail(
                    "databases",
                    "a check could not be made: " + e.getMessage(),
                    "grant the user what it asks for, then try again"));
        }
    }

    private void databases(Connection sourceConnection, Connection targetConnection, @Nullable KafkaFacts kafka)
            throws SQLException {
        Database source = Database.look(migration, Side.SOURCE, sourceConnection);
        Database target = Database.look(migration, Side.TARGET, targetConnection);
        differentDatabases(source, target);
        findings.addAll(LocalState.room(migration, source.facts()));
        findings.addAll(source.judgeServer());
        findings.addAll(target.judgeServer());
        sameZone(source.facts(), target.facts());
        tables = UnloggedCascades.judge(
                migration.apply().cascades(),
                source.place(),
                match(source, target),
                source::factsOf,
                target::factsOf,
                findings);
        ChildIndexes.check(target, targetConnection, tables, findings);
        ForeignKeysAcross.check(source, sourceConnection, tables, findings);
        ForeignKeysAcross.check(target, targetConnection, tables, findings);
        boolean probed = migration.cutover().applicationUser() != null;
        findings.addAll(source.judgeGrants(tables, migration.cutover().keepsWayBack(), probed));
        findings.addAll(target.judgeGrants(tables, true, probed));
        for (TableMapping table : tables) judge(table, source, target);
        ReplicaIdentity.check(source, sourceConnection, tables, findings);
        ReplicaIdentity.check(target, targetConnection, tables, findings);
        findings.addAll(source.judgeUncompared(tables));
        findings.add(FirstCopy.judge(FirstCopy.look(migration, targetConnection, tables, kafka)));
    }

    private void judge(TableMapping table, Database source, Database target) {
        TableFacts here = source.factsOf(table.source());
        TableFacts there = target.factsOf(table.target());
        findings.addAll(TableRequirements.judge(table, source.place(), here, target.place(), there));
        if (migration.cutover().keepsWayBack())
            findings.addAll(WayBackRequirements.judge(table, source.place(), here, target.place(), there));
    }

    private @Nullable Connection connect(String side, Endpoint endpoint) {
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

    private void differentDatabases(Database source, Database target) {
        if (source.identity().equals(target.identity()))
            findings.add(fail(
                    "target",
                    "is the same database as the source (" + source.identity() + ")",
                    "set target.url to the new home"));
        else findings.add(pass("target", "is another database than the source"));
    }

    /** What an application reads from a column with a zone depends on its session's, and that on the server's. */
    private void sameZone(Facts source, Facts target) {
        String here = source.text("zone");
        String there = target.text("zone");
        if (!here.isEmpty() && !there.isEmpty() && !here.equals(there))
            findings.add(warn(
                    "target",
                    "its time zone is " + there + ", the source's " + here
                            + ": the application reads other times there unless it sets its session's zone",
                    "set global time_zone = '" + here + "', and in the configuration file"));
    }

    private List<TableMapping> match(Database source, Database target) {
        List<Table> inReach = source.tables().stream().filter(this::isInReach).toList();
        List<Table> wanted = inReach.stream()
                .filter(table -> migration.tables().matches(table.id().toString()))
                .toList();
        findings.addAll(NamesInFile.check(migration, inReach));
        if (wanted.isEmpty())
            findings.add(fail("tables", "there is no table to migrate", "look at source.url and tables.include"));
        TableMatcher matcher = new TableMatcher(migration, source, target, findings);
        return wanted.stream().flatMap(table -> matcher.match(table).stream()).toList();
    }

    /** The source's tables that the migration file's patterns choose. */
    public static List<Table> wanted(Migration migration, Connection source) throws SQLException {
        Preflight preflight = new Preflight(migration);
        return migration.source().dialect().readTables(source).stream()
                .filter(table -> preflight.isInReach(table)
                        && migration.tables().matches(table.id().toString()))
                .toList();
    }

    /** MySQL and MariaDB show the tables of all databases; without a word from the file only the URL's is meant. */
    private boolean isInReach(Table table) {
        boolean all = migration.source().dialect().engine().equals("postgresql")
                || !migration.tables().include().isEmpty();
        return all || table.id().schema().equals(migration.source().database());
    }
}
