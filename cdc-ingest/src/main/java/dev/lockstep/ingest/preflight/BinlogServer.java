package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Requirement.none;
import static dev.lockstep.ingest.preflight.Requirement.setting;
import static dev.lockstep.ingest.preflight.Requirement.that;

import dev.lockstep.ingest.preflight.Finding.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a MySQL or MariaDB server must be like. */
final class BinlogServer {

    private static final long DAY_SECONDS = 86_400;

    /** Whether InnoDB keeps foreign keys by itself, without a word in the log; a MySQL that knows no other way (before 9.6) has no such setting. */
    static final String NATIVE_FOREIGN_KEYS = "innodb_native_foreign_keys";

    private BinlogServer() {}

    static Map<String, String> queries(boolean mariaDb) {
        Map<String, String> queries = new HashMap<>();
        List<String> settings = new ArrayList<>(
                List.of("log_bin", "binlog_format", "binlog_row_image", "server_id", "read_only", "innodb_read_only"));
        settings.addAll(
                mariaDb
                        ? List.of("gtid_strict_mode")
                        : List.of(
                                "binlog_row_value_options",
                                "gtid_mode",
                                "super_read_only",
                                "binlog_transaction_compression"));
        for (String setting : settings) queries.put(setting, "select @@global." + setting);
        if (!mariaDb)
            queries.put(
                    NATIVE_FOREIGN_KEYS,
                    "select variable_value from performance_schema.global_variables where variable_name = '"
                            + NATIVE_FOREIGN_KEYS + "'");
        queries.put("expiry", "select @@global.binlog_expire_logs_seconds");
        queries.put("zone", "select if(@@global.time_zone = 'SYSTEM', @@system_time_zone, @@global.time_zone)");
        queries.put("long transactions", """
                select concat('session ', trx_mysql_thread_id, ' since ', trx_started) from information_schema.innodb_trx
                where trx_started < now() - interval 1 minute and trx_mysql_thread_id <> connection_id()
                """);
        queries.put("not compared", """
                select concat(lower(table_type), ' ', table_schema, '.', table_name) from information_schema.tables
                where table_type <> 'BASE TABLE' and table_schema = database() order by 1
                """);
        queries.put("events", """
                select concat(event_schema, '.', event_name) from information_schema.events
                where event_schema = database() and status = 'ENABLED'
                """);
        queries.put(
                "size",
                "select coalesce(sum(data_length + index_length), 0) from information_schema.tables where table_schema = database()");
        queries.put("grants", "show grants");
        return queries;
    }

    /** Every session may have a row image of its own, which the global setting says nothing of. MySQL shows them. */
    private static final String OTHER_IMAGES = """
            select concat('session ', t.processlist_id, ' of ', t.processlist_user, ' has ', v.variable_name, ' ', v.variable_value)
            from performance_schema.variables_by_thread v join performance_schema.threads t on t.thread_id = v.thread_id
            where t.type = 'FOREGROUND' and (v.variable_name = 'binlog_row_image' and v.variable_value <> 'FULL'
              or v.variable_name = 'binlog_format' and v.variable_value <> 'ROW'
              or v.variable_name = 'binlog_row_value_options' and v.variable_value <> '')
            """;

    /** Whoever may not look into performance_schema does not see them. */
    static Facts withOtherImages(Facts facts, Connection connection) {
        try {
            return facts.with(Facts.gather("", "", connection, Map.of("other images", OTHER_IMAGES)));
        } catch (SQLException e) {
            return facts;
        }
    }

    static List<Requirement> captured(boolean mariaDb) {
        List<Requirement> requirements = new ArrayList<>(List.of(
                setting("log_bin", "ON|1", "changes are read from the binlog", "start the server with --log-bin"),
                setting(
                                "binlog_format",
                                "ROW",
                                "the change log must be read in full",
                                "set global binlog_format = 'ROW'; then let the application reconnect")
                        .fixedBy("set global binlog_format = 'ROW'"),
                setting(
                                "binlog_row_image",
                                "FULL",
                                "the change log must be read in full",
                                "set global binlog_row_image = 'FULL'; then let the application reconnect")
                        .fixedBy("set global binlog_row_image = 'FULL'"),
                that(
                        "server_id",
                        facts -> facts.number("server_id") > 0,
                        Level.FAIL,
                        "server_id is set",
                        "server_id is 0, and the server takes no reader of its binlog",
                        "set global server_id = 1, and in its configuration file"),
                that(
                        "expiry",
                        facts -> facts.number("expiry") == 0 || facts.number("expiry") >= DAY_SECONDS,
                        Level.WARN,
                        "binlogs are kept for a day or longer",
                        "binlogs are thrown away after %s s: if the copy takes longer or Lockstep is away for longer, all must be copied anew",
                        "set global binlog_expire_logs_seconds = 604800"),
                that(
                        "innodb_read_only",
                        facts -> !facts.is("innodb_read_only"),
                        Level.FAIL,
                        "can be written to",
                        "innodb_read_only is on: nothing can be written, not even a barrier",
                        "name the primary in the URL")));
        if (!mariaDb) requirements.addAll(MYSQL);
        return requirements;
    }

    private static final List<Requirement> MYSQL = List.of(
            setting(
                            "binlog_row_value_options",
                            "",
                            "parts of JSON documents would be missing in the change log",
                            "set global binlog_row_value_options = ''; then let the application reconnect")
                    .fixedBy("set global binlog_row_value_options = ''"),
            none(
                    "other images",
                    Level.FAIL,
                    "no session logs less than whole rows",
                    "sessions log less than whole rows by a setting of their own: %s",
                    "let them reconnect, and take the setting out of the application"),
            that(
                    "gtid_mode",
                    facts -> facts.is("gtid_mode"),
                    Level.WARN,
                    "gtid_mode is ON",
                    "gtid_mode is %s: after a failover of the server the place in its log cannot be found again",
                    "turn GTIDs on step by step, as MySQL's manual says (gtid_mode)"),
            that(
                    "super_read_only",
                    facts -> !facts.is("super_read_only"),
                    Level.FAIL,
                    "takes Lockstep's writes",
                    "super_read_only is on: Lockstep cannot write either",
                    "name the primary in the URL, or set global super_read_only = off"));

    static final Requirement NO_LONG_TRANSACTION = none(
            "long transactions",
            Level.WARN,
            "no transaction is older than a minute",
            "old transactions are open: %s; the copy waits for them, and others for the copy",
            "commit them, or kill the sessions");
}
