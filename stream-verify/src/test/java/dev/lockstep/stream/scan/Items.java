package dev.lockstep.stream.scan;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.table.Column;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.Table;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The table that is scanned, on any engine. */
final class Items {

    private Items() {}

    static String items(Endpoint side) {
        String moment = isPostgres(side) ? "timestamp(3)" : "datetime(3)";
        return "create table item (id int primary key, name varchar(60), price decimal(10, 2), seen " + moment + ")";
    }

    static boolean isPostgres(Endpoint side) {
        return side.dialect().engine().equals("postgresql");
    }

    static void fill(Endpoint side, int rows) throws SQLException {
        List<String> values = new ArrayList<>();
        for (int id = 0; id < rows; id++)
            values.add(
                    "(" + id + ", 'n" + id + "', " + id % 1000 + ".5, '2026-11-22 10:00:" + (10 + id % 50) + ".25')");
        insert(side, values);
    }

    static void insert(Endpoint side, List<String> rows) throws SQLException {
        List<String> statements = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += 5000)
            statements.add("insert into item values "
                    + String.join(", ", rows.subList(from, Math.min(rows.size(), from + 5000))));
        Twin.aside(side, statements.toArray(new String[0]));
    }

    static TableMapping mapping(Endpoint from, Endpoint to) throws SQLException {
        Table source = item(from);
        Table target = item(to);
        List<ColumnMapping> columns = new ArrayList<>();
        for (Column column : source.columns()) {
            Column other = target.column(column.name()).orElseThrow();
            columns.add(new ColumnMapping(
                    column.name(), Kind.agree(column, other).orElseThrow(), column.type(), other.name(), other.type()));
        }
        return new TableMapping(source.id(), target.id(), columns, List.of(0), 0);
    }

    private static Table item(Endpoint side) throws SQLException {
        try (Connection connection = side.connect()) {
            return side.dialect().readTables(connection).stream()
                    .filter(table -> table.id().name().equals("item")
                            && (isPostgres(side) || table.id().schema().equals(side.database())))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
