package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.KeyCondition;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Views of MySQL and MariaDB: consistent-snapshot transactions that are opened while the binlog's position stands still. It is held
 * still by the global read lock, or, where that cannot be had, by read locks on the copied tables (then it moves for others' commits
 * alone). A look that finds the same position before and after is not enough: the binlog has a commit before InnoDB shows it, so that
 * a view may lack a row that the stream leaves out as well.
 */
final class BinlogViews implements Views {

    private static final Logger LOG = LoggerFactory.getLogger(BinlogViews.class);
    private static final int LOCK_WAIT_SECONDS = 5;
    private static final long RETRY_MILLIS = 500;

    private final CopyConfig config;
    private final Dialect dialect;

    BinlogViews(CopyConfig config) {
        this.config = config;
        this.dialect = config.database().dialect();
    }

    @Override
    public List<Part> parts(ConsistentView view) throws SQLException {
        return KeyPart.partsOf(config, view.readers().get(0));
    }

    @Override
    public ConsistentView anew(Consumer<String> waitsFor) throws SQLException, InterruptedException {
        return first(waitsFor);
    }

    @Override
    public ConsistentView again(Consumer<String> waitsFor) throws SQLException, InterruptedException {
        return first(waitsFor);
    }

    @Override
    public ConsistentView first(Consumer<String> waitsFor) throws SQLException, InterruptedException {
        while (true) {
            List<SQLException> refusals = new ArrayList<>();
            for (Stillness way : List.<Stillness>of(this::globalLock, this::tableLocks)) {
                Sessions sessions = new Sessions(config);
                try {
                    return way.open(sessions);
                } catch (SQLException e) {
                    sessions.close();
                    if (isRefused(e)) refusals.add(e);
                    else if (!isBusy(e)) throw e;
                    LOG.info("a way to a consistent view is closed: {} error={}", config.place(), e.getMessage());
                }
            }
            if (refusals.size() == 2) throw noWay(refusals.get(0));
            waitsFor.accept(
                    "a moment at which the database takes a read lock: a statement has been running for more than "
                            + LOCK_WAIT_SECONDS + " s (show processlist)");
            Thread.sleep(RETRY_MILLIS);
        }
    }

    private ConfigurationException noWay(SQLException refusal) {
        return new ConfigurationException(config.database().url() + ": user "
                + config.database().user() + " may take no read lock (" + refusal.getMessage()
                + "); grant it RELOAD, or LOCK TABLES on the copied databases");
    }

    private interface Stillness {
        ConsistentView open(Sessions sessions) throws SQLException;
    }

    private ConsistentView globalLock(Sessions sessions) throws SQLException {
        Connection lock = locker(sessions);
        Sessions.execute(lock, "flush tables with read lock");
        return unlocked(sessions, lock);
    }

    private ConsistentView tableLocks(Sessions sessions) throws SQLException {
        Connection lock = locker(sessions);
        Sessions.execute(
                lock,
                "lock tables "
                        + config.tables().stream()
                                .map(config::idOf)
                                .map(id -> dialect.quote(id) + " read")
                                .collect(Collectors.joining(", ")));
        return unlocked(sessions, lock);
    }

    private ConsistentView unlocked(Sessions sessions, Connection lock) throws SQLException {
        Map<String, String> position = position(lock);
        List<Connection> readers = readers(sessions);
        Sessions.execute(lock, "unlock tables");
        sessions.close(lock);
        return new ConsistentView(sessions, readers, position);
    }

    /** Does not wait for long: behind a waiting global lock every writer waits too. */
    private Connection locker(Sessions sessions) throws SQLException {
        return sessions.open("set session lock_wait_timeout = " + LOCK_WAIT_SECONDS);
    }

    private List<Connection> readers(Sessions sessions) throws SQLException {
        List<Connection> readers = new ArrayList<>();
        for (int i = 0; i < config.rules().parallelism(); i++) {
            Connection reader = reader(sessions);
            begin(reader);
            readers.add(reader);
        }
        return readers;
    }

    /** A throttled reader leaves the server waiting to write, and its session idle, for longer than servers like by themselves. */
    private Connection reader(Sessions sessions) throws SQLException {
        Connection reader = sessions.open(
                "set session transaction isolation level repeatable read",
                "set session net_write_timeout = 86400",
                "set session wait_timeout = 86400");
        Sessions.execute(reader, KeyCondition.session(dialect).toArray(String[]::new));
        return reader;
    }

    private static void begin(Connection reader) throws SQLException {
        Sessions.execute(reader, "start transaction with consistent snapshot");
    }

    /** As Debezium's offsets name it. */
    private Map<String, String> position(Connection connection) throws SQLException {
        boolean mariaDb = dialect.engine().equals("mariadb");
        Map<String, String> position = new LinkedHashMap<>();
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(statusStatement(connection, mariaDb))) {
            if (!row.next()) throw new SQLException("the database writes no binlog; preflight says how to turn it on");
            position.put("file", row.getString(1));
            position.put("pos", Long.toString(row.getLong(2)));
            if (!mariaDb) position.put("gtids", row.getString(5).replaceAll("\\s", ""));
        }
        if (mariaDb)
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("select @@global.gtid_binlog_pos")) {
                row.next();
                position.put("gtids", row.getString(1));
            }
        position.values().removeIf(String::isEmpty); // no GTIDs yet
        return position;
    }

    private static String statusStatement(Connection connection, boolean mariaDb) throws SQLException {
        var server = connection.getMetaData();
        boolean renamed = !mariaDb
                && (server.getDatabaseMajorVersion() > 8
                        || (server.getDatabaseMajorVersion() == 8 && server.getDatabaseMinorVersion() >= 2));
        return renamed ? "show binary log status" : "show master status";
    }

    private static boolean isRefused(SQLException e) {
        return switch (e.getErrorCode()) {
            case 1044, 1045, 1142, 1227 -> true;
            default -> false;
        };
    }

    /** Waited in vain. */
    private static boolean isBusy(SQLException e) {
        return e.getErrorCode() == 1205 || e.getErrorCode() == 3572;
    }
}
