package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.row.CanonicalEncoder;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.table.RowReader;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.schemas.testing.DrawnTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the rows of {@link DrawnTables} to the target's schema {@code home}, some of them twice, and reads them back. */
final class DrawnCarrier {

    private final DrawnTables tables;
    private final Endpoint target;
    private final List<String> wrong = new ArrayList<>();

    DrawnCarrier(DrawnTables tables, Endpoint target) {
        this.tables = tables;
        this.target = target;
    }

    /** What did not arrive as it should. */
    List<String> wrong() throws SQLException {
        List<TableMapping> mappings = tables.createOn(target);
        try (Connection connection = target.connectWriter()) {
            Sink sink = TableReads.sink(connection, target.dialect());
            connection.setAutoCommit(false);
            for (TableMapping mapping : mappings) carry(connection, sink, mapping);
        }
        return wrong;
    }

    private void carry(Connection connection, Sink sink, TableMapping mapping) throws SQLException {
        Map<String, Row> rows = new TreeMap<>(tables.read(List.of(mapping)));
        List<Row> all = List.copyOf(rows.values());
        Destination table = Destination.of(mapping, Side.SOURCE);
        int half = all.size() / 2;
        try {
            sink.copy(connection, table, all.subList(0, half));
            sink.upsert(connection, table, all.subList(half / 2, all.size()));
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            wrong.add(mapping + ": " + e.getMessage());
            return;
        }
        compare(mapping, rows, back(connection, mapping));
        sink.delete(connection, table, all.stream().map(table::keyOf).toList());
        if (!back(connection, mapping).isEmpty()) wrong.add(mapping + ": rows are left");
        connection.commit();
    }

    private void compare(TableMapping mapping, Map<String, Row> rows, Map<String, Row> back) {
        if (!rows.keySet().equals(back.keySet()))
            wrong.add(mapping + ": " + rows.size() + " rows were written, " + back.size() + " came back");
        rows.forEach((name, row) -> {
            Row found = back.get(name);
            if (found == null || !bytes(row).equals(bytes(found)))
                wrong.add(mapping + ": " + row.values() + " came back as " + found);
        });
    }

    private static String bytes(Row row) {
        return HexFormat.of()
                .formatHex(new CanonicalEncoder().values(row.values()).toBytes());
    }

    private Map<String, Row> back(Connection connection, TableMapping mapping) throws SQLException {
        RowReader reader = RowReader.ofTarget(target.dialect(), mapping);
        Map<String, Row> rows = new TreeMap<>();
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("select " + reader.selectList() + " from "
                        + target.dialect().quote(mapping.target()))) {
            while (result.next()) {
                Row row = reader.read(result);
                rows.put(DrawnTables.name(mapping.keyOf(row)), row);
            }
        }
        return rows;
    }
}
