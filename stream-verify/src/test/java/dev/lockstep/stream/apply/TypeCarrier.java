package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.row.CanonicalEncoder;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.table.Column;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.RowReader;
import dev.lockstep.schemas.table.Table;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.schemas.testing.TypeCase;
import dev.lockstep.schemas.testing.TypeTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the rows of {@link TypeTables} to a table for each in the target's schema {@code home}, and reads them back. */
final class TypeCarrier {

    private final TypeTables tables;
    private final List<TypeCase> cases;
    private final Endpoint target;
    private final List<String> wrong = new ArrayList<>();

    TypeCarrier(TypeTables tables, List<TypeCase> cases, Endpoint target) {
        this.tables = tables;
        this.cases = cases;
        this.target = target;
    }

    /** What did not arrive as it should. */
    List<String> wrong() throws SQLException {
        try (Connection connection = target.connectWriter();
                var statement = connection.createStatement()) {
            statement.execute("drop table if exists " + tables.names("home"));
            for (int i = 0; i < cases.size(); i++) {
                String type = type(cases.get(i));
                if (type == null || cases.get(i).kind() == null) continue;
                statement.execute("create table home.t" + i + " (id int primary key, v " + type + " null)");
            }
            List<Table> found = target.dialect().readTables(connection);
            Sink sink = TableReads.sink(connection, target.dialect());
            connection.setAutoCommit(false);
            for (int i = 0; i < cases.size(); i++)
                if (cases.get(i).kind() != null && type(cases.get(i)) != null) carry(connection, sink, i, found);
            connection.setAutoCommit(true);
            statement.execute("drop table if exists " + tables.names("home"));
        }
        return wrong;
    }

    private static boolean isPostgres(String engine) {
        return engine.equals("postgresql");
    }

    private @Nullable String type(TypeCase type) {
        if (target.dialect().engine().equals(tables.engine())) return type.type();
        return target.dialect().engine().equals("postgresql") ? type.postgres() : type.mySql();
    }

    private void carry(Connection connection, Sink sink, int number, List<Table> found) throws SQLException {
        TypeCase type = cases.get(number);
        Column source = tables.table(number).column("v").orElseThrow();
        Table table = found.stream()
                .filter(t -> t.id().equals(new TableId("home", "t" + number)))
                .findFirst()
                .orElseThrow();
        Optional<Kind> kind = Kind.agree(source, table.column("v").orElseThrow());
        if (kind.isEmpty()) {
            wrong.add(type.type() + " does not go into " + table.columns().get(1));
            return;
        }
        TableMapping mapping = mapping(tables.table(number), table, kind.get());
        List<Row> rows = tables.read(mapping);
        List<Row> shared = new ArrayList<>();
        boolean elsewhere = isPostgres(target.dialect().engine()) != isPostgres(tables.engine());
        for (int i = 0; i < rows.size(); i++)
            if (elsewhere && type.isOwn(i)) refuses(connection, sink, mapping, rows.get(i), type);
            else shared.add(rows.get(i));
        takes(connection, sink, mapping, shared, type);
        compare(connection, mapping, rows, type);
        List<Row> back = back(connection, mapping);
        sink.delete(
                connection,
                Destination.of(mapping, Side.SOURCE),
                back.stream().map(r -> mapping.keyOf(r).values()).toList());
        if (!back(connection, mapping).isEmpty()) wrong.add(type.type() + ": rows are left");
        connection.commit();
    }

    private void refuses(Connection connection, Sink sink, TableMapping mapping, Row row, TypeCase type)
            throws SQLException {
        try {
            sink.upsert(connection, Destination.of(mapping, Side.SOURCE), List.of(row));
            wrong.add(type.type() + " " + row + " was taken");
        } catch (SQLException refused) {
            // as it should be
        }
        connection.rollback();
    }

    /** Half of the rows each way. */
    private void takes(Connection connection, Sink sink, TableMapping mapping, List<Row> rows, TypeCase type)
            throws SQLException {
        Destination table = Destination.of(mapping, Side.SOURCE);
        try {
            sink.upsert(connection, table, rows.subList(0, rows.size() / 2));
            sink.copy(connection, table, rows.subList(rows.size() / 2, rows.size()));
            sink.upsert(connection, table, rows.subList(rows.size() / 2, rows.size()));
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            wrong.add(type.type() + " into " + mapping.columns().get(1).targetType() + ": " + e.getMessage());
        }
    }

    private void compare(Connection connection, TableMapping mapping, List<Row> rows, TypeCase type)
            throws SQLException {
        for (Row back : back(connection, mapping)) {
            Row row = rows.stream()
                    .filter(r -> bytes(r.get(0)).equals(bytes(back.get(0))))
                    .findFirst()
                    .orElseThrow();
            if (!bytes(row.get(1)).equals(bytes(back.get(1))))
                wrong.add(type.type() + " " + row.values() + " came back from "
                        + mapping.columns().get(1).targetType() + " as " + back.values());
        }
    }

    private static String bytes(dev.lockstep.schemas.row.Value value) {
        return Arrays.toString(new CanonicalEncoder().value(value).toBytes());
    }

    private List<Row> back(Connection connection, TableMapping mapping) throws SQLException {
        RowReader reader = RowReader.ofTarget(target.dialect(), mapping);
        List<Row> rows = new ArrayList<>();
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("select " + reader.selectList() + " from "
                        + target.dialect().quote(mapping.target()) + " order by id")) {
            while (result.next()) rows.add(reader.read(result));
        }
        return rows;
    }

    private static TableMapping mapping(Table source, Table target, Kind kind) {
        List<ColumnMapping> columns = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Column from = source.columns().get(i);
            Column to = target.columns().get(i);
            columns.add(new ColumnMapping(from.name(), i == 0 ? Kind.NUMBER : kind, from.type(), to.name(), to.type()));
        }
        return new TableMapping(source.id(), target.id(), columns, List.of(0), 0);
    }
}
