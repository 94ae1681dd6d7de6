package dev.lockstep.schemas.table;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/** What is spelled differently on the three engines. Stateless. */
public sealed interface Dialect permits PostgresDialect, MySqlDialect {

    /** The engine of a JDBC URL. */
    static Dialect of(String jdbcUrl) {
        String url = jdbcUrl.toLowerCase(Locale.ROOT);
        if (url.startsWith("jdbc:postgresql:")) return PostgresDialect.POSTGRES;
        if (url.startsWith("jdbc:mysql:")) return MySqlDialect.MYSQL;
        if (url.startsWith("jdbc:mariadb:")) return MySqlDialect.MARIADB;
        throw new IllegalArgumentException("not the URL of a supported database: " + jdbcUrl
                + " (it starts with jdbc:postgresql:, jdbc:mysql: or jdbc:mariadb:)");
    }

    /** {@code postgresql}, {@code mysql} or {@code mariadb}. */
    String engine();

    /** The name quoted, so that any name is one identifier. */
    String quote(String identifier);

    default String quote(TableId table) {
        return quote(table.schema()) + "." + quote(table.name());
    }

    /** Text as a literal. */
    default String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** What every connection of Lockstep's own sets on this driver: time zone, encodings, statement forms. */
    Properties connectionProperties();

    /** The tables with their columns and keys, without the engine's own and Lockstep's; on MySQL and MariaDB those of all databases. */
    List<Table> readTables(Connection connection) throws SQLException;

    /** Creates the schema (PostgreSQL) or database (MySQL, MariaDB) if it is not there. */
    String createSchema(String schema);

    /**
     * Ends the other side's doubt about what is written in a session of the applier or the barrier writer: fenced databases let it
     * write, triggers and foreign keys rest.
     *
     * @param referential whether foreign keys and triggers stay on
     */
    List<String> writerSession(boolean referential);

    /** The server's version as it says it, shortened to the number. */
    default String version(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductVersion().replaceFirst("^([0-9][0-9.]*).*", "$1");
    }
}
