package dev.lockstep.schemas.table;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Folds a catalog query, one line a column in table order, into tables. */
final class Catalog {

    private Catalog() {}

    /**
     * @param keyOrdinal the column's place in the primary key, from 1; 0 where it is not in it
     */
    record Line(TableId table, Column column, int keyOrdinal) {}

    interface LineReader {
        Line read(ResultSet row) throws SQLException;
    }

    static List<Table> read(Connection connection, String query, LineReader reader) throws SQLException {
        Map<TableId, List<Line>> lines = new LinkedHashMap<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                Line line = reader.read(rows);
                lines.computeIfAbsent(line.table(), id -> new ArrayList<>()).add(line);
            }
        }
        return lines.entrySet().stream()
                .map(e -> table(e.getKey(), e.getValue()))
                .toList();
    }

    private static Table table(TableId id, List<Line> lines) {
        Map<Integer, String> key = new TreeMap<>();
        for (Line line : lines)
            if (line.keyOrdinal() > 0) key.put(line.keyOrdinal(), line.column().name());
        return new Table(id, lines.stream().map(Line::column).toList(), List.copyOf(key.values()));
    }
}
