package dev.lockstep.cutover.bench;

import dev.lockstep.schemas.migration.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The engine's own replication, from a place in the source's log that is kept: a slot of PostgreSQL that is copied for each subscription,
 * a position in MariaDB's binlog, which four workers apply optimistically.
 */
public final class NativeReplica {

    private final Databases databases;
    private final String file;
    private final String position;
    private int subscriptions;

    private NativeReplica(Databases databases, String file, String position) {
        this.databases = databases;
        this.file = file;
        this.position = position;
    }

    /** Keeps the place where the source's log is now. */
    public static NativeReplica here(Databases databases) throws SQLException {
        Endpoint source = databases.source();
        if (databases.isPostgres()) {
            databases.execute(source, "create publication native for table " + String.join(", ", databases.tables()));
            databases.execute(source, "select pg_create_logical_replication_slot('native', 'pgoutput')");
            return new NativeReplica(databases, "", "");
        }
        try (Connection connection = source.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("show master status")) {
            row.next();
            return new NativeReplica(databases, row.getString(1), row.getString(2));
        }
    }

    /** Makes all ready, without anything being applied. */
    public void prepare(Endpoint target) throws SQLException {
        if (databases.isPostgres()) subscribe(target);
        else follow(target);
    }

    private void subscribe(Endpoint target) throws SQLException {
        Endpoint source = databases.source();
        String slot = "native" + ++subscriptions;
        databases.execute(source, "select pg_copy_logical_replication_slot('native', '" + slot + "')");
        databases.execute(
                target,
                ("create subscription native connection 'host=127.0.0.1 port=%d user=%s password=postgres dbname=%s' publication native"
                                + " with (create_slot = false, slot_name = %s, enabled = false, copy_data = false)")
                        .formatted(source.port(), source.user(), source.database(), slot));
    }

    private void follow(Endpoint target) throws SQLException {
        databases.execute(target, "set global slave_parallel_threads = 4, slave_parallel_mode = 'optimistic'");
        databases.execute(target, "set global replicate_rewrite_db = 'shop->" + target.database() + "'");
        databases.execute(target, "set global replicate_do_db = '" + target.database() + "'");
        databases.execute(
                target,
                "change master to master_host = '127.0.0.1', master_port = %d, master_user = '%s', master_password = '', master_log_file = '%s', master_log_pos = %s, master_use_gtid = no, master_ssl_verify_server_cert = 0"
                        .formatted(databases.source().port(), databases.source().user(), file, position));
    }

    public void go(Endpoint target) throws SQLException {
        databases.execute(target, databases.isPostgres() ? "alter subscription native enable" : "start slave");
    }

    public void remove(Endpoint target) throws SQLException {
        if (databases.isPostgres()) {
            databases.execute(target, "drop subscription native"); // and its slot
            return;
        }
        databases.execute(target, "stop slave");
        databases.execute(target, "reset slave all");
    }
}
