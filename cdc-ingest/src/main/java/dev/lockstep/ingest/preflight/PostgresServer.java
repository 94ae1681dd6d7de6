package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Requirement.none;
import static dev.lockstep.ingest.preflight.Requirement.power;
import static dev.lockstep.ingest.preflight.Requirement.setting;
import static dev.lockstep.ingest.preflight.Requirement.that;

import dev.lockstep.ingest.preflight.Finding.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a PostgreSQL server must be like, and its user be allowed. */
final class PostgresServer {

    private PostgresServer() {}

    /**
     * @param slots that the captures of this side are going to have, or have
     * @param major version of the server
     */
    static Map<String, String> queries(List<String> slots, int major) {
        Map<String, String> queries = new HashMap<>();
        String ours = "('" + String.join("', '", slots) + "')";
        queries.put("lanes", "select " + slots.size());
        for (String setting :
                List.of("wal_level", "max_replication_slots", "max_wal_senders", "max_slot_wal_keep_size"))
            queries.put(setting, "show " + setting);
        queries.put("wal_sender_timeout_ms", "select setting from pg_settings where name = 'wal_sender_timeout'");
        queries.put("other slots", "select count(*) from pg_replication_slots where slot_name not in " + ours);
        queries.put("other senders", """
                select count(*) from pg_stat_replication r
                where pid not in (select active_pid from pg_replication_slots where slot_name in %s and active)
                """.formatted(ours));
        queries.put("foreign slot", """
                select slot_name || ' (' || coalesce(plugin, 'physical') || ' of database ' || coalesce(database, '-') || ')'
                from pg_replication_slots where slot_name in %s and (plugin is distinct from 'pgoutput' or database <> current_database())
                """.formatted(ours));
        queries.put("lost slot", """
                select slot_name from pg_replication_slots where slot_name in %s and wal_status = 'lost'
                """.formatted(ours));
        queries.put("size", "select pg_database_size(current_database())");
        queries.put("in recovery", "select pg_is_in_recovery()");
        queries.put("replicate", "select rolreplication or rolsuper from pg_roles where rolname = current_user");
        queries.put("create", "select has_database_privilege(current_database(), 'create')");
        queries.put(
                "own database",
                "select pg_has_role(datdba, 'usage') from pg_database where datname = current_database()");
        queries.put(
                "rest triggers",
                major < 15
                        ? "select rolsuper from pg_roles where rolname = current_user"
                        : "select has_parameter_privilege('session_replication_role', 'set')");
        queries.put("see sessions", "select pg_has_role('pg_read_all_stats', 'usage')");
        queries.put("end sessions", "select pg_has_role('pg_signal_backend', 'usage')");
        queries.put("long transactions", """
                select 'session ' || pid || ' of ' || coalesce(usename, '?') || ' since ' || xact_start::timestamp(0)
                from pg_stat_activity where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
                  and backend_xid is not null and xact_start < now() - interval '1 minute' and coalesce(application_name, '') <> 'lockstep'
                union all select 'prepared transaction ' || gid || ' since ' || prepared::timestamp(0)
                from pg_prepared_xacts where database = current_database()
                """);
        queries.put("not compared", """
                select case c.relkind when 'v' then 'view ' when 'm' then 'materialized view ' when 'f' then 'foreign table '
                  else 'temporary table ' end || n.nspname || '.' || c.relname
                from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where (c.relkind in ('v', 'm', 'f') or c.relkind = 'r' and c.relpersistence = 't')
                  and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%'
                union all select 'large objects' where exists (select from pg_largeobject_metadata)
                order by 1
                """);
        return queries;
    }

    static final List<Requirement> CAPTURED = List.of(
            setting(
                    "wal_level",
                    "logical",
                    "the change log must be readable by row",
                    "alter system set wal_level = 'logical'; then restart the server"),
            free("max_replication_slots", "other slots"),
            free("max_wal_senders", "other senders"),
            that(
                    "wal_sender_timeout_ms",
                    facts -> facts.number("wal_sender_timeout_ms") == 0
                            || facts.number("wal_sender_timeout_ms") >= 10_000,
                    Level.WARN,
                    "wal_sender_timeout is long enough",
                    "wal_sender_timeout is %s ms: a busy capture would be cut off and begin anew again and again",
                    "alter system set wal_sender_timeout = '60s'; select pg_reload_conf()"),
            that(
                    "max_slot_wal_keep_size",
                    facts -> facts.text("max_slot_wal_keep_size").equals("-1"),
                    Level.WARN,
                    "max_slot_wal_keep_size is unlimited",
                    "max_slot_wal_keep_size is %s: if Lockstep falls further behind or is away for longer, the server throws the"
                            + " changes away and all must be copied anew",
                    "alter system set max_slot_wal_keep_size = -1; select pg_reload_conf(); and watch the disk instead"),
            none(
                    "foreign slot",
                    Level.FAIL,
                    "the replication slot's name is free or our own",
                    "the replication slot %s is another's",
                    "give the migration another name, or drop the slot: select pg_drop_replication_slot('…')"),
            none(
                    "lost slot",
                    Level.FAIL,
                    "no slot of ours is lost",
                    "the replication slot %s is lost: the server has thrown changes away that were not read yet",
                    "start anew: docs/operating.md, \"Starting anew\""),
            that(
                    "in recovery",
                    facts -> !facts.is("in recovery"),
                    Level.FAIL,
                    "is a primary",
                    "is a standby: no barrier can be written there",
                    "name the primary in the URL"),
            power("replicate", "read the change log (no logical replication)", "alter role %s replication"),
            power("create", "create a publication and the schema lockstep", "grant create on database … to %s"),
            power(
                    "rest triggers",
                    "set session_replication_role, so that triggers and foreign keys rest while it writes",
                    "grant set on parameter session_replication_role to %s (PostgreSQL 14: alter role %s superuser)"),
            power(
                    "own database",
                    "fence the database, as it does not own it",
                    "grant … to %s, the role that owns the database"),
            power("see sessions", "see others' sessions, which the fence ends", "grant pg_read_all_stats to %s"),
            power("end sessions", "end others' sessions for the fence", "grant pg_signal_backend to %s"));

    static final Requirement NO_LONG_TRANSACTION = none(
            "long transactions",
            Level.WARN,
            "no transaction is older than a minute",
            "old transactions are open: %s; the copy cannot begin before they end",
            "commit them, or end them: select pg_terminate_backend(…)");

    private static Requirement free(String limit, String taken) {
        return that(
                limit,
                facts -> facts.number(limit) >= facts.number(taken) + facts.number("lanes"),
                Level.FAIL,
                limit + " has room",
                limit + " is %s, and too few are free: each lane needs one",
                "drop what is not needed, or alter system set " + limit + " = …; then restart the server");
    }
}
