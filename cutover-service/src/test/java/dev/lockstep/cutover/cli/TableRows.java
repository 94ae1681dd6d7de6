package dev.lockstep.cutover.cli;

import dev.lockstep.schemas.migration.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A table as a database shows it, for comparing both sides without any part of Lockstep. */
final class TableRows {

    private TableRows() {}

    /**
     * @param from what follows {@code from}, a condition included
     */
    static long count(Endpoint side, String from) {
        try (Connection connection = side.connect();
                var rows = connection.createStatement().executeQuery("select count(*) from " + from)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In the order of {@code id}. */
    static List<String> of(Endpoint side, String table) throws SQLException {
        try (Connection connection = side.connect();
                var rows = connection.createStatement().executeQuery("select * from " + table + " order by id")) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++)
                    row.append(rows.getString(i)).append('|');
                found.add(row.toString());
            }
            return found;
        }
    }
}
