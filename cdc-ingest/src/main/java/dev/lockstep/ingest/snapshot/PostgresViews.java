package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.table.Dialect;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * PostgreSQL's views. The first one is the replication slot's own: creating a slot exports the snapshot of its consistent point, and
 * decoding from the slot shows exactly the transactions that the snapshot does not (PostgreSQL manual, 47.2.5).
 */
final class PostgresViews implements Views {

    private static final long LOOK_SECONDS = 2;
    private static final int LOCK_SECONDS = 5; // writers wait behind it

    private final CopyConfig config;
    private final Dialect dialect;

    PostgresViews(CopyConfig config) {
        this.config = config;
        this.dialect = config.database().dialect();
    }

    @Override
    public ConsistentView first(Consumer<String> waitsFor) throws SQLException, InterruptedException {
        Sessions sessions = new Sessions(config);
        try {
            Connection control = sessions.open();
            dropSlot(control); // of an attempt that ended before its place was noted
            Connection replication = sessions.add(replicationConnection(config.database()));
            Slot slot = createSlot(replication, control, waitsFor);
            return view(sessions, slot.snapshot(), Map.of("lsn", slot.lsn()));
        } catch (SQLException | InterruptedException | RuntimeException e) {
            sessions.close();
            throw e;
        }
    }

    @Override
    public List<Part> parts(ConsistentView view) throws SQLException {
        return PagePart.partsOf(config, view.readers().get(0));
    }

    @Override
    public ConsistentView again(Consumer<String> waitsFor) throws SQLException {
        Sessions sessions = new Sessions(config);
        try {
            Connection exporter = sessions.open();
            requireSlot(exporter);
            Sessions.execute(exporter, "begin isolation level repeatable read read only");
            return view(sessions, text(exporter, "select pg_export_snapshot()"), Map.of());
        } catch (SQLException | RuntimeException e) {
            sessions.close();
            throw e;
        }
    }

    /** While nobody writes the tables, their log is cut clean: whoever wrote before has ended, and is in the view. */
    @Override
    public ConsistentView anew(Consumer<String> waitsFor) throws SQLException {
        Sessions sessions = new Sessions(config);
        try {
            Connection exporter = sessions.open("set lock_timeout = '" + LOCK_SECONDS + "s'");
            requireSlot(exporter);
            waitsFor.accept("the open transactions that have written " + tables());
            Sessions.execute(
                    exporter, "begin isolation level repeatable read", "lock table " + tables() + " in share mode");
            String lsn = text(exporter, "select pg_current_wal_insert_lsn()");
            ConsistentView view = view(sessions, text(exporter, "select pg_export_snapshot()"), Map.of("lsn", lsn));
            Sessions.execute(exporter, "commit");
            return view;
        } catch (SQLException | RuntimeException e) {
            sessions.close();
            throw e;
        }
    }

    /** The session that exported the snapshot stays until every reader has taken it up, and may stay longer. */
    private ConsistentView view(Sessions sessions, String snapshot, Map<String, String> position) throws SQLException {
        List<Connection> readers = new ArrayList<>();
        for (int i = 0; i < config.rules().parallelism(); i++) {
            Connection reader = sessions.open(
                    "set statement_timeout = 0",
                    "set idle_in_transaction_session_timeout = 0",
                    "set lock_timeout = '60s'",
                    "set synchronize_seqscans = off", // rows come in the order of their pages
                    "set enable_seqscan = off");
            reader.setAutoCommit(false);
            Sessions.execute(
                    reader,
                    "set transaction isolation level repeatable read read only",
                    "set transaction snapshot '" + snapshot + "'");
            readers.add(reader);
        }
        // held to the end: nothing may rewrite a table, and so move its rows to other pages, while it is read
        Sessions.execute(readers.get(0), "lock table " + tables() + " in access share mode");
        return new ConsistentView(sessions, readers, position);
    }

    private String tables() {
        return config.tables().stream().map(config::idOf).map(dialect::quote).collect(Collectors.joining(", "));
    }

    private record Slot(String lsn, String snapshot) {}

    private Slot createSlot(Connection replication, Connection control, Consumer<String> waitsFor)
            throws SQLException, InterruptedException {
        FutureTask<Slot> creation = new FutureTask<>(() -> createSlot(replication));
        Thread thread = new Thread(creation, "create-slot");
        thread.setDaemon(true);
        thread.start();
        while (true) {
            try {
                return creation.get(LOOK_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                waitsFor.accept(oldestTransaction(control));
            } catch (ExecutionException e) {
                if (e.getCause() instanceof SQLException failed) throw failed;
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    private Slot createSlot(Connection replication) throws SQLException {
        try (var statement = replication.createStatement();
                var row = statement.executeQuery("CREATE_REPLICATION_SLOT " + dialect.quote(config.slot())
                        + " LOGICAL pgoutput EXPORT_SNAPSHOT")) {
            row.next();
            return new Slot(row.getString("consistent_point"), row.getString("snapshot_name"));
        }
    }

    /** A slot's consistent point comes once every transaction that ran when its creation began has ended. */
    private static String oldestTransaction(Connection control) throws SQLException {
        try (var statement = control.createStatement();
                var row = statement.executeQuery("select pid, coalesce(usename::text, backend_type),"
                        + " extract(epoch from now() - xact_start)::bigint from pg_stat_activity"
                        + " where backend_xid is not null and pid <> pg_backend_pid() order by xact_start limit 1")) {
            if (!row.next()) return "the server to make the replication slot";
            return "a transaction on the database that has been open for " + row.getLong(3) + " s (pid "
                    + row.getLong(1) + ", user " + row.getString(2)
                    + "): the copy begins when it ends; end it, or pg_terminate_backend(" + row.getLong(1) + ")";
        }
    }

    private void dropSlot(Connection control) throws SQLException, InterruptedException {
        for (int tries = 0; exists(control, ""); tries++) {
            try (var drop = control.prepareStatement("select pg_drop_replication_slot(?)")) {
                drop.setString(1, config.slot());
                drop.execute();
            } catch (SQLException e) {
                if (!"55006".equals(e.getSQLState()) || tries > 50) throw e; // in use by a session that is about to end
                try (var end = control.prepareStatement(
                        "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = ?")) {
                    end.setString(1, config.slot());
                    end.execute();
                }
                Thread.sleep(200);
            }
        }
    }

    private void requireSlot(Connection control) throws SQLException {
        if (!exists(control, " and coalesce(wal_status, '') <> 'lost'"))
            throw new ConfigurationException("the replication slot " + config.slot() + " is gone or has lost its log,"
                    + " and with it the changes since the copy began. " + InitialCopy.START_ANEW);
    }

    private boolean exists(Connection control, String condition) throws SQLException {
        try (var query =
                control.prepareStatement("select 1 from pg_replication_slots where slot_name = ?" + condition)) {
            query.setString(1, config.slot());
            try (var row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Connection replicationConnection(Endpoint database) throws SQLException {
        Properties properties = database.dialect().connectionProperties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.revealPassword());
        properties.setProperty("replication", "database");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "14");
        return DriverManager.getConnection(database.url(), properties);
    }
}
