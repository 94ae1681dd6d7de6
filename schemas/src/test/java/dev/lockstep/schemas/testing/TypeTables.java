package dev.lockstep.schemas.testing;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.row.CanonicalEncoder;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.table.Column;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.RowReader;
import dev.lockstep.schemas.table.Table;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table for each type, {@code shop.t0}, {@code shop.t1}, …, with a row for each value: its number from 0, and the value. */
public final class TypeTables {

    private final Endpoint database;
    private final List<TypeCase> cases;

    public TypeTables(Endpoint database, List<TypeCase> cases) {
        this.database = database;
        this.cases = cases;
    }

    /** The engine that they are on. */
    public String engine() {
        return database.dialect().engine();
    }

    /** Removes what an earlier run left. */
    public void drop() throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("drop table if exists " + names("shop"));
        }
    }

    /** All of them, as if they were in this schema. */
    public String names(String schema) {
        return IntStream.range(0, cases.size()).mapToObj(i -> schema + ".t" + i).collect(Collectors.joining(", "));
    }

    /** Creates them, empty, after the statements that they need. */
    public void create(List<String> setup) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            for (String line : setup) statement.execute(line);
            for (int i = 0; i < cases.size(); i++)
                statement.execute("create table shop.t" + i + " (id int primary key, v "
                        + cases.get(i).type() + " null)");
            if (isPostgres())
                for (int i = 0; i < cases.size(); i++)
                    statement.execute("alter table shop.t" + i + " replica identity full");
        }
    }

    private boolean isPostgres() {
        return database.dialect().engine().equals("postgresql");
    }

    /** Which types the catalog takes for another kind than the case says. */
    public List<String> wrongKinds() throws SQLException {
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            Kind kind = table(i).column("v").orElseThrow().kind();
            if (kind != cases.get(i).kind())
                wrong.add(cases.get(i).type() + " is " + kind + ", not "
                        + cases.get(i).kind());
        }
        return wrong;
    }

    public List<TableMapping> mappings() throws SQLException {
        List<TableMapping> mappings = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) if (cases.get(i).kind() != null) mappings.add(mapping(i));
        return mappings;
    }

    private TableMapping mapping(int number) throws SQLException {
        Table table = table(number);
        List<ColumnMapping> columns =
                table.columns().stream().map(TypeTables::same).toList();
        return new TableMapping(table.id(), table.id(), columns, List.of(0), 0);
    }

    private static ColumnMapping same(Column column) {
        return new ColumnMapping(
                column.name(), Objects.requireNonNull(column.kind()), column.type(), column.name(), column.type());
    }

    /** The table of a case, as the catalog has it. */
    public Table table(int number) throws SQLException {
        return tables().stream()
                .filter(t -> t.id().toString().equals("shop.t" + number))
                .findFirst()
                .orElseThrow();
    }

    private List<Table> known = List.of();

    private List<Table> tables() throws SQLException {
        if (known.isEmpty())
            try (Connection connection = database.connect()) {
                known = database.dialect().readTables(connection);
            }
        return known;
    }

    /** Inserts every value of every case. */
    public void fill() throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            if (!isPostgres()) statement.execute("set sql_mode = 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES'");
            connection.setAutoCommit(false);
            for (int i = 0; i < cases.size(); i++) {
                List<String> values =
                        cases.get(i).kind() == null ? List.of() : cases.get(i).expressions();
                for (int id = 0; id < values.size(); id++)
                    try {
                        statement.execute("insert into shop.t" + i + " values (" + id + ", " + values.get(id) + ")");
                    } catch (SQLException e) {
                        throw new SQLException(cases.get(i).type() + " " + values.get(id), e);
                    }
            }
            connection.commit();
        }
    }

    /** Values of one type that have the same canonical bytes. */
    public List<String> alike() throws SQLException {
        List<String> alike = new ArrayList<>();
        Map<String, String> seen = new HashMap<>();
        read((name, row) -> {
            String bytes = name.substring(0, name.indexOf('('))
                    + Arrays.toString(new CanonicalEncoder().value(row.get(1)).toBytes());
            String other = seen.put(bytes, name);
            if (other != null) alike.add(describe(other) + " has the bytes of " + describe(name));
        });
        return alike;
    }

    /** Hands over every row with {@code shop.t7(3)} for its name. */
    public void read(BiConsumer<String, Row> rows) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            for (TableMapping table : mappings())
                for (Row row : rows(statement, table))
                    rows.accept(table.keyOf(row).table() + table.keyOf(row).display(), row);
        }
    }

    /** The rows of the mapping's source, by their number. */
    public List<Row> read(TableMapping table) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            return rows(statement, table);
        }
    }

    private List<Row> rows(Statement statement, TableMapping table) throws SQLException {
        RowReader reader = RowReader.ofSource(database.dialect(), table);
        List<Row> rows = new ArrayList<>();
        try (var result = statement.executeQuery("select " + reader.selectList() + " from "
                + database.dialect().quote(table.source()) + " order by id")) {
            while (result.next()) rows.add(reader.read(result));
        }
        return rows;
    }

    /** The type that a name as {@link #read} gives it is of, with its value. */
    public String describe(String name) {
        int open = name.indexOf('(');
        TypeCase type = cases.get(Integer.parseInt(name.substring("shop.t".length(), open)));
        int value = Integer.parseInt(name.substring(open + 1, name.length() - 1));
        return type.type() + " " + type.expressions().get(value);
    }
}
