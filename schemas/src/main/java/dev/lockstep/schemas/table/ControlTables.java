package dev.lockstep.schemas.table;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Lockstep's own tables in a database that it works on: schema {@code lockstep} on PostgreSQL, database {@code lockstep} on MySQL
 * and MariaDB. Creating what is there already changes nothing and needs no right to create.
 */
public final class ControlTables {

    public static final TableId BARRIER = new TableId("lockstep", "barrier");
    public static final TableId APPLIED = new TableId("lockstep", "applied");

    private static final long CREATION_LOCK = 0x4c6f636b73746570L; // "Lockstep"

    private static final String BARRIER_COLUMNS = """
            (direction varchar(16) not null, lane integer not null, at_micros bigint not null, primary key (direction, lane))
            """;

    private static final String APPLIED_COLUMNS = """
            (direction varchar(16) not null, lane integer not null, next_offset bigint not null, position varchar(80) not null,
             barrier_micros bigint not null, epoch bigint not null, topic varchar(40) not null, primary key (direction, lane))
            """;

    private ControlTables() {}

    /** The barriers' table, one row per direction and lane. The connection commits by itself. */
    public static void createBarrier(Connection connection, Dialect dialect) throws SQLException {
        create(connection, dialect, BARRIER, BARRIER_COLUMNS);
    }

    /**
     * How far each lane has been applied, one row per direction and lane, with the id of the topic that its offset is of: another Kafka's
     * offsets would mean other changes. The connection commits by itself.
     */
    public static void createApplied(Connection connection, Dialect dialect) throws SQLException {
        create(connection, dialect, APPLIED, APPLIED_COLUMNS);
    }

    /** Takes them all away, with whatever else lies in their schema or database. The connection commits by itself. */
    public static void drop(Connection connection, Dialect dialect) throws SQLException {
        String name = dialect.quote(BARRIER.schema());
        try (var statement = connection.createStatement()) {
            statement.execute(
                    dialect.engine().equals("postgresql")
                            ? "drop schema if exists " + name + " cascade"
                            : "drop database if exists " + name);
        }
    }

    private static void create(Connection connection, Dialect dialect, TableId table, String columns)
            throws SQLException {
        if (exists(connection, table)) return;
        String schema = dialect.createSchema(table.schema());
        String creation = "create table if not exists " + dialect.quote(table) + " " + columns;
        try (var statement = connection.createStatement()) {
            if (dialect.engine().equals("postgresql")) {
                // one by one: its "if not exists" fails where two sessions looked before one of them created
                statement.execute("select pg_advisory_xact_lock(" + CREATION_LOCK + "); " + schema + "; " + creation);
            } else {
                statement.execute(schema);
                statement.execute(creation);
            }
        }
    }

    private static boolean exists(Connection connection, TableId table) throws SQLException {
        try (var query = connection.prepareStatement(
                "select 1 from information_schema.tables where table_schema = ? and table_name = ?")) {
            query.setString(1, table.schema());
            query.setString(2, table.name());
            try (var rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }
}
