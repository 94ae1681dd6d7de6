package dev.lockstep.cutover.demo;

import dev.lockstep.schemas.table.Dialect;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A shop as applications have them: customers, products, inventory, orders, items, payments, with a column of every common
 * type. PostgreSQL keeps it in the schema {@code shop}, MySQL and MariaDB in the database {@code shop}.
 */
public final class Shop {

    public static final String SCHEMA = "shop";

    /** The seeded product that the load never writes: what happens to it is somebody else's doing. */
    static final long UNTOUCHED_PRODUCT = 1;

    private Shop() {}

    /** Creates the tables, empty. The two engines' types pair up, so that either variant can be the other's target. */
    public static void create(Connection connection, Dialect dialect) throws SQLException {
        execute(connection, script(isPostgres(dialect) ? "shop-postgresql.sql" : "shop-mysql.sql"));
    }

    /** Removes the tables and what came with them. */
    public static void drop(Connection connection, Dialect dialect) throws SQLException {
        List<String> statements = new ArrayList<>();
        if (isPostgres(dialect)) statements.add("drop schema if exists shop cascade");
        else
            for (int i = ShopTable.values().length - 1; i >= 0; i--)
                statements.add("drop table if exists " + ShopTable.values()[i].id());
        execute(connection, statements);
    }

    /**
     * Fills the empty tables with about so many rows in all, the same for the same seed on every engine, and commits. Further
     * rows get ids beyond the seeded ones.
     *
     * @param rows at least a small shop is made, however few are asked for
     */
    public static void seed(Connection connection, Dialect dialect, long rows, long seed) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            if (!isPostgres(dialect)) execute(connection, List.of("set time_zone = '+00:00'"));
            new ShopSeed(connection, dialect, rows, seed).run();
            if (isPostgres(dialect)) advanceSequences(connection);
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(autoCommit);
        }
    }

    /** MySQL and MariaDB advance their counters by themselves. */
    private static void advanceSequences(Connection connection) throws SQLException {
        List<String> statements = new ArrayList<>();
        for (ShopTable table : List.of(ShopTable.CUSTOMERS, ShopTable.PRODUCTS, ShopTable.ORDERS, ShopTable.PAYMENTS))
            statements.add("select setval(pg_get_serial_sequence('%1$s', 'id'), (select max(id) from %1$s))"
                    .formatted(table.id()));
        statements.add("analyze");
        execute(connection, statements);
    }

    /** Creates the application's user, or sets its password, and lets it read and write the shop's rows: nothing else. */
    public static void grant(Connection connection, Dialect dialect, String user, String password) throws SQLException {
        String name = dialect.literal(user);
        String secret = dialect.literal(password);
        if (isPostgres(dialect)) {
            String role = dialect.quote(user);
            boolean exists = exists(connection, "select 1 from pg_roles where rolname = " + name);
            execute(
                    connection,
                    List.of(
                            (exists ? "alter" : "create") + " role " + role + " login password " + secret,
                            "grant usage on schema shop to " + role,
                            "grant select, insert, update, delete on all tables in schema shop to " + role,
                            "grant usage on all sequences in schema shop to " + role));
        } else {
            String account = name + "@'%'";
            execute(
                    connection,
                    List.of(
                            "create user if not exists " + account + " identified by " + secret,
                            "alter user " + account + " identified by " + secret,
                            "grant select, insert, update, delete on shop.* to " + account));
        }
    }

    /** Removes the application's user, after the shop was dropped. */
    public static void revoke(Connection connection, Dialect dialect, String user) throws SQLException {
        String statement = isPostgres(dialect)
                ? "drop role if exists " + dialect.quote(user)
                : "drop user if exists " + dialect.literal(user) + "@'%'";
        execute(connection, List.of(statement));
    }

    /** Whether there is a shop already: somebody's. */
    static boolean exists(Connection connection) throws SQLException {
        return exists(connection, "select 1 from information_schema.tables where table_schema = 'shop'");
    }

    static boolean isPostgres(Dialect dialect) {
        return dialect.engine().equals("postgresql");
    }

    private static boolean exists(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }

    private static void execute(Connection connection, List<String> statements) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (String sql : statements) statement.execute(sql);
        }
    }

    /** The statements of a resource file: each ends with a semicolon at a line's end, and comments have lines of their own. */
    private static List<String> script(String name) {
        try (InputStream file = Shop.class.getResourceAsStream("/demo/" + name)) {
            if (file == null) throw new IllegalStateException("the build holds no demo/" + name);
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^\\s*--.*$", "");
            return List.of(text.split(";\\s*\\n")).stream()
                    .map(String::strip)
                    .filter(s -> !s.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
