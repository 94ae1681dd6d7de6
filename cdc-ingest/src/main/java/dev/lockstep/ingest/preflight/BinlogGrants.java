package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Finding.fail;
import static dev.lockstep.ingest.preflight.Finding.pass;

import dev.lockstep.schemas.table.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What Lockstep's user must be granted on MySQL and MariaDB. docs/operating.md has the same as statements. */
final class BinlogGrants {

    /**
     * @param names any of which does
     */
    private record Need(String why, String statement, Set<String> names) {}

    private static final List<Need> BOTH = List.of(
            new Need("read the binlog", "replication slave", Set.of("REPLICATION SLAVE", "REPLICATION REPLICA")),
            new Need("see others' sessions, which the fence ends", "process", Set.of("PROCESS")));

    private static final List<Need> MYSQL = List.of(
            new Need("know the binlog's place", "replication client", Set.of("REPLICATION CLIENT")),
            new Need("raise the fence", "system_variables_admin", Set.of("SYSTEM VARIABLES ADMIN", "SUPER")),
            new Need(
                    "write behind the fence and end sessions",
                    "connection_admin",
                    Set.of("CONNECTION ADMIN", "SUPER")));

    private static final List<Need> MARIADB = List.of(
            new Need(
                    "know the binlog's place",
                    "binlog monitor",
                    Set.of("BINLOG MONITOR", "REPLICATION CLIENT", "SUPER")),
            new Need("raise the fence and write behind it", "read_only admin", Set.of("READ ONLY ADMIN", "SUPER")),
            new Need("end sessions", "connection admin", Set.of("CONNECTION ADMIN", "SUPER")));

    private static final List<String> OWN = List.of("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE");
    private static final List<String> READ = List.of("SELECT");
    private static final List<String> WRITE = List.of("SELECT", "INSERT", "UPDATE", "DELETE", "ALTER");

    private BinlogGrants() {}

    /**
     * @param written whether the tables are
     * @param probed whether the fence is tried as the application's user, who is let write into a table for that
     */
    static List<Finding> judge(Facts facts, boolean mariaDb, boolean written, boolean probed, List<TableId> tables) {
        Grants grants = new Grants(facts.list("grants"));
        List<Finding> findings = new ArrayList<>();
        List<Need> needs = new ArrayList<>(BOTH);
        needs.addAll(mariaDb ? MARIADB : MYSQL);
        for (Need need : needs)
            if (!grants.everywhere(need.names()))
                findings.add(lacking(facts, need.why(), "grant " + need.statement() + " on *.*"));
        for (String privilege : OWN)
            if (!grants.on("lockstep", "*", Set.of(privilege)))
                findings.add(lacking(facts, "keep its own database lockstep", "grant all on lockstep.*"));
        if (probed && !grants.mayGrant("lockstep"))
            findings.add(lacking(
                    facts,
                    "let the application's user write into lockstep.probe, by which the fence is tried",
                    "grant grant option on lockstep.*"));
        if (probed && !grants.on("mysql", "user", Set.of("SELECT")))
            findings.add(lacking(
                    facts,
                    "see from where the application's user comes",
                    mariaDb ? "grant select on mysql.*" : "grant select on mysql.user"));
        findings.addAll(holding(facts, grants, tables));
        Set<String> statements = new TreeSet<>();
        for (TableId table : tables)
            for (String privilege : written ? WRITE : READ)
                if (!grants.on(table.schema(), table.name(), Set.of(privilege)))
                    statements.add(
                            "grant " + String.join(", ", written ? WRITE : READ).toLowerCase(java.util.Locale.ROOT)
                                    + " on `" + table.schema() + "`.*");
        for (String statement : statements) findings.add(lacking(facts, "work on the migrated tables", statement));
        if (findings.isEmpty()) findings.add(pass(facts.side(), "Lockstep's user is granted what it needs"));
        return findings.stream().distinct().toList();
    }

    /** The whole server, or the copied tables alone: see the copy's ways to a consistent view. */
    private static List<Finding> holding(Facts facts, Grants grants, List<TableId> tables) {
        if (grants.everywhere(Set.of("RELOAD"))) return List.of();
        return tables.stream()
                .filter(table -> !grants.on(table.schema(), table.name(), Set.of("LOCK TABLES")))
                .map(TableId::schema)
                .distinct()
                .map(schema -> lacking(
                        facts,
                        "hold the tables still for the moment in which the copy's place is fixed (lock tables there, or reload"
                                + " on the whole server)",
                        "grant lock tables on `" + schema + "`.*"))
                .toList();
    }

    private static Finding lacking(Facts facts, String why, String grant) {
        return fail(facts.side(), "Lockstep's user may not " + why, grant + " to " + facts.user() + "@…");
    }
}
