package dev.lockstep.schemas.testing;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.row.CanonicalEncoder;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.table.Column;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.RowReader;
import dev.lockstep.schemas.table.Table;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Random tables of one engine's types under names that want quoting, half of them in a schema of such a name, with random rows. The
 * same seed draws the same; {@code -Dlockstep.seed=…} draws another.
 */
public final class DrawnTables {

    private static final String ODD_SCHEMA = "Odd-sch\u00e9ma \"x";
    private static final int ROWS = 10;

    private final long seed = Long.getLong("lockstep.seed", 20261116L);
    private final Random random;
    private final Endpoint database;
    private final List<DrawnTable> tables = new ArrayList<>();
    /** Of each table the rows as they are to be, by number. */
    private final List<Map<Integer, List<String>>> rows = new ArrayList<>();

    private final Map<TableId, Table> known = new HashMap<>();

    /**
     * @param shared only of types and values that the other family of engines holds too
     * @param count how many
     * @param salt draws others with the same seed
     */
    public DrawnTables(Endpoint database, List<TypeCase> cases, boolean shared, int count, String salt) {
        this.database = database;
        random = new Random(seed + salt.hashCode());
        List<String> names = DrawnTable.names(random);
        DrawnTypes types = new DrawnTypes(database.dialect(), cases, shared);
        for (int i = 0; i < count; i++) {
            tables.add(DrawnTable.draw(
                    random,
                    types,
                    new TableId(i % 2 == 0 ? "shop" : ODD_SCHEMA, i < names.size() ? names.get(i) : "d" + i)));
            rows.add(new TreeMap<>());
        }
    }

    /** What draws the same again. */
    public String replay() {
        return "drawn with -Dlockstep.seed=" + seed;
    }

    /** Creates them, empty, in place of what an earlier run left. */
    public void create() throws SQLException {
        work(statement -> {
            drop(statement, database.dialect(), ODD_SCHEMA);
            statement.execute(database.dialect().createSchema(ODD_SCHEMA));
            for (DrawnTable table : tables) {
                statement.execute("drop table if exists " + database.dialect().quote(table.id()));
                run(statement, table.create(database.dialect(), table.id(), engine()));
                if (isPostgres())
                    statement.execute("alter table " + database.dialect().quote(table.id()) + " replica identity full");
            }
        });
        try (Connection connection = database.connect()) {
            for (Table table : database.dialect().readTables(connection)) known.put(table.id(), table);
        }
    }

    /** Drops the schema of an odd name, on a server that other tests use too. */
    public void drop() throws SQLException {
        work(statement -> drop(statement, database.dialect(), ODD_SCHEMA));
    }

    private static void drop(Statement statement, Dialect dialect, String schema) throws SQLException {
        boolean isPostgres = dialect.engine().equals("postgresql");
        statement.execute("drop " + (isPostgres ? "schema" : "database") + " if exists " + dialect.quote(schema)
                + (isPostgres ? " cascade" : ""));
    }

    private String engine() {
        return database.dialect().engine();
    }

    private boolean isPostgres() {
        return engine().equals("postgresql");
    }

    /** Inserts random rows into every table. */
    public void fill() throws SQLException {
        change((statement, table) -> {
            for (int row = 1; row <= ROWS; row++)
                insert(statement, table, row, tables.get(table).drawRow(random));
        });
    }

    /** Inserts the same rows under other numbers and some new ones, updates some, also in their keys, and deletes one of each table. */
    public void goOn() throws SQLException {
        change((statement, table) -> {
            DrawnTable drawn = tables.get(table);
            for (int row = 1; row <= ROWS; row++)
                insert(
                        statement,
                        table,
                        ROWS + row,
                        Objects.requireNonNull(rows.get(table).get(row)));
            for (int row = 1; row <= ROWS / 2; row++) {
                List<String> values = drawn.drawRow(random);
                run(statement, drawn.update(database.dialect(), row, values));
                rows.get(table).put(row, values);
            }
            run(statement, drawn.delete(database.dialect(), ROWS));
            rows.get(table).remove(ROWS);
        });
    }

    private void insert(Statement statement, int table, int row, List<String> values) throws SQLException {
        run(statement, tables.get(table).insert(database.dialect(), row, values));
        rows.get(table).put(row, values);
    }

    private interface Work {
        void on(Statement statement) throws SQLException;
    }

    private interface TableWork {
        void on(Statement statement, int table) throws SQLException;
    }

    private void change(TableWork work) throws SQLException {
        work(statement -> {
            if (!isPostgres()) statement.execute("set sql_mode = 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES'");
            statement.getConnection().setAutoCommit(false);
            for (int table = 0; table < tables.size(); table++) work.on(statement, table);
            statement.getConnection().commit();
        });
    }

    private void work(Work work) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(
                    false); // MySQL's driver looks for its escapes even behind a literal's backslash
            work.on(statement);
        }
    }

    private void run(Statement statement, String sql) throws SQLException {
        try {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new SQLException(replay() + ": " + sql, e);
        }
    }

    public List<TableMapping> mappings() {
        return tables.stream()
                .map(table -> Objects.requireNonNull(known.get(table.id())))
                .map(table -> mapping(table, table))
                .toList();
    }

    /**
     * Creates the tables in the other database's schema {@code home} and says how they meet: with the columns that it has types for.
     */
    public List<TableMapping> createOn(Endpoint target) throws SQLException {
        Dialect dialect = target.dialect();
        Map<TableId, Table> found = new HashMap<>();
        try (Connection connection = target.connect();
                Statement statement = connection.createStatement()) {
            for (DrawnTable table : tables) {
                statement.execute("drop table if exists " + dialect.quote(home(table.id())));
                run(statement, table.create(dialect, home(table.id()), engine()));
            }
            for (Table table : dialect.readTables(connection)) found.put(table.id(), table);
        }
        return tables.stream()
                .map(table -> mapping(
                        Objects.requireNonNull(known.get(table.id())),
                        Objects.requireNonNull(found.get(home(table.id())))))
                .toList();
    }

    private static TableId home(TableId table) {
        return new TableId("home", table.name());
    }

    private static TableMapping mapping(Table source, Table target) {
        List<ColumnMapping> columns = source.columns().stream()
                .filter(Predicate.not(Column::generated))
                .flatMap(from -> target.column(from.name()).stream().map(to -> agreed(from, to)))
                .toList();
        List<String> names = columns.stream().map(ColumnMapping::name).toList();
        List<Integer> key = source.primaryKey().stream().map(names::indexOf).toList();
        return new TableMapping(source.id(), target.id(), columns, key, 0);
    }

    private static ColumnMapping agreed(Column source, Column target) {
        Kind kind = Kind.agree(source, target)
                .orElseThrow(() -> new IllegalStateException(source + " does not go into " + target));
        return new ColumnMapping(source.name(), kind, source.type(), target.name(), target.type());
    }

    /** The table, and the canonical bytes of the row's key. */
    public static String name(RowKey key) {
        return key.table() + "#"
                + HexFormat.of()
                        .formatHex(new CanonicalEncoder().values(key.values()).toBytes());
    }

    /** Every row of the tables as they are on the source, by its {@link #name}. */
    public Map<String, Row> read(List<TableMapping> mappings) throws SQLException {
        Map<String, Row> all = new HashMap<>();
        work(statement -> {
            for (TableMapping table : mappings) {
                RowReader reader = RowReader.ofSource(database.dialect(), table);
                try (var result = statement.executeQuery("select " + reader.selectList() + " from "
                        + database.dialect().quote(table.source()))) {
                    while (result.next()) {
                        Row row = reader.read(result);
                        all.put(name(table.keyOf(row)), row);
                    }
                }
            }
        });
        return all;
    }

    /** What is amiss: rows that are not there, values that differ and have the same bytes, and the reverse. */
    public List<String> confused() throws SQLException {
        List<String> wrong = new ArrayList<>();
        Map<String, Row> found = read(mappings());
        for (int i = 0; i < tables.size(); i++) confused(i, found, wrong);
        return wrong;
    }

    private void confused(int number, Map<String, Row> found, List<String> wrong) {
        DrawnTable table = tables.get(number);
        TableMapping mapping = mappings().get(number);
        Map<Integer, Row> byNumber = new HashMap<>();
        found.forEach((key, row) -> {
            if (key.startsWith(mapping.id() + "#"))
                byNumber.put(Integer.parseInt(text(row, mapping, table.number())), row);
        });
        if (!byNumber.keySet().equals(rows.get(number).keySet()))
            wrong.add(mapping.id() + " has rows " + byNumber.keySet());
        for (int column = 0; column < table.columns().size(); column++) {
            Map<String, String> bytes = new HashMap<>();
            Map<String, String> values = new HashMap<>();
            int at = column;
            DrawnTable.DrawnColumn drawn = table.columns().get(at);
            rows.get(number).forEach((row, drawnRow) -> {
                String value = drawnRow.get(at);
                String now = HexFormat.of()
                        .formatHex(new CanonicalEncoder()
                                .value(byNumber.get(row).get(mapping.indexOf(drawn.name())))
                                .toBytes());
                String before = bytes.put(value, now);
                String other = values.put(now, value);
                if ((before != null && !before.equals(now)) || (other != null && !other.equals(value)))
                    wrong.add(mapping.id() + "." + drawn.name() + " "
                            + drawn.type().type() + ": " + value + " and " + other);
            });
        }
    }

    private static String text(Row row, TableMapping mapping, String column) {
        return new RowKey("", List.of(row.get(mapping.indexOf(column))))
                .display()
                .replaceAll("[()]", "");
    }
}
