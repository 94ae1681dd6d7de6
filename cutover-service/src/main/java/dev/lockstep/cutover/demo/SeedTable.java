package dev.lockstep.cutover.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Gathers a table's rows and inserts many with one statement, parents before their children. */
final class SeedTable {

    private static final int ROWS = 500;

    private final Connection connection;
    private final ShopTable table;
    private final SeedTable[] parents;
    private final StringBuilder values = new StringBuilder();
    private int rows;

    SeedTable(Connection connection, ShopTable table, SeedTable... parents) {
        this.connection = connection;
        this.table = table;
        this.parents = parents;
    }

    /**
     * @param literals every column's value as SQL spells it
     */
    void add(Object... literals) throws SQLException {
        values.append(rows == 0 ? "(" : ",(");
        for (int i = 0; i < literals.length; i++)
            values.append(i == 0 ? "" : ",").append(literals[i]);
        values.append(')');
        if (++rows >= ROWS) flush();
    }

    void flush() throws SQLException {
        for (SeedTable parent : parents) parent.flush();
        if (rows == 0) return;
        try (Statement statement = connection.createStatement()) {
            statement.execute("insert into " + table.id() + " values " + values);
        }
        values.setLength(0);
        rows = 0;
    }
}
