package dev.lockstep.cutover.audit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** PostgreSQL's, which anybody may read, jobs aside. What an extension owns comes with the extension. */
final class PostgresCatalog implements Catalog {

    private static final String JOB = "job";
    private static final String UNDEFINED_TABLE = "42P01";

    private static final String RELATIONS = """
            select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = ? and c.relkind in (%s) and not c.relispartition and not exists (
              select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
            """;

    private static final String ROUTINES = """
            select n.nspname, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'
            from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname = ? and %s and not exists (
              select 1 from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
            """;

    private static final String TRIGGERS = """
            select n.nspname, c.relname, t.tgname from pg_trigger t
            join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = ? and not t.tgisinternal and (not c.relispartition or t.tgparentid = 0)
            """;

    /** Of this database and of all, but what a fence sets in one. A value may be a secret, so what tells it from others stands for it. */
    private static final String SETTINGS = """
            select coalesce(r.rolname, 'everybody') || ' ' || split_part(setting, '=', 1) || ' #' || left(md5(setting), 6)
            from pg_db_role_setting s left join pg_roles r on r.oid = s.setrole cross join unnest(s.setconfig) setting
            where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
              and (s.setdatabase = 0 or setting not like 'default_transaction_read_only=%')
            """;

    /** Without those that every cluster has. Whether one can log in is no matter: a fence may keep it out for a while. */
    private static final String USERS =
            "select rolname from pg_roles where oid <> 10 and rolname not like 'pg\\_%' and rolname <> current_user";

    private static final String SUBSCRIPTIONS = """
            select subname from pg_subscription
            where subdbid = (select oid from pg_database where datname = current_database())
            """;

    private static final String SLOTS = """
            select slot_name from pg_replication_slots
            where (database is null or database = current_database()) and not temporary and slot_name not like 'lockstep\\_%'
            """;

    /** Of the extension {@code pg_cron}. */
    private static final String JOBS =
            "select coalesce(jobname, 'number ' || jobid) from cron.job where database = current_database()";

    private static final String HIDDEN_JOBS = """
            select case
              when current_setting('cron.database_name', true) <> current_database() then 'database '
                || current_setting('cron.database_name', true) || ' has the jobs of all; look at cron.job there'
              when row_security_active(to_regclass('cron.job')::oid) then 'the server shows Lockstep''s user its own alone;'
                || ' look at cron.job as a superuser' end
            """;

    @Override
    public List<Query> queries() {
        return List.of(
                new Query(Item.TABLE, RELATIONS.formatted("'r', 'p', 'f'")),
                new Query("view", RELATIONS.formatted("'v', 'm'")),
                new Query("function", ROUTINES.formatted("p.prokind <> 'p'")),
                new Query("procedure", ROUTINES.formatted("p.prokind = 'p'")),
                new Query("trigger", TRIGGERS),
                new Query("policy", "select schemaname, tablename, policyname from pg_policies where schemaname = ?"),
                new Query("rule", "select schemaname, tablename, rulename from pg_rules where schemaname = ?"),
                new Query("event trigger", "select evtname from pg_event_trigger"),
                new Query("extension", "select extname from pg_extension where extname <> 'plpgsql'"),
                new Query("foreign server", "select srvname from pg_foreign_server"),
                new Query("publication", "select pubname from pg_publication where pubname not like 'lockstep\\_%'"),
                new Query("subscription", SUBSCRIPTIONS),
                new Query("replication slot", SLOTS),
                new Query(JOB, JOBS),
                new Query("user", USERS),
                new Query("setting", SETTINGS));
    }

    @Override
    public Optional<String> hidden(Connection connection, Query query, String schema) throws SQLException {
        if (!query.kind().equals(JOB)) return Optional.empty();
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(HIDDEN_JOBS)) {
            return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
        }
    }

    @Override
    public boolean isAbsent(SQLException e) {
        return UNDEFINED_TABLE.equals(e.getSQLState());
    }
}
