package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Texts;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.ControlTables;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableId;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Sink} guarantees, on a real server. */
abstract class SinkContract {

    private static final LocalDateTime MOMENT = LocalDateTime.of(2026, 11, 22, 7, 5, 9, 123_456_000);
    private static final String AWKWARD =
            "it's \"so\" \\ \\\\ {a,b} % _ \n\t\r ? :x ${y} \u00e9 \u4e2d \ud83d\ude00 --";

    private Connection connection;
    private Sink sink;
    private Destination kinds;
    private Destination people;
    private Destination huge;

    /** A database of its own, empty. */
    abstract Endpoint endpoint();

    /** Types in the order of {@link #kinds}. */
    abstract List<String> types();

    private static final List<Kind> KINDS = List.of(
            Kind.NUMBER,
            Kind.NUMBER,
            Kind.NUMBER,
            Kind.FLOAT,
            Kind.DOUBLE,
            Kind.TEXT,
            Kind.PADDED_TEXT,
            Kind.BINARY,
            Kind.DATE,
            Kind.TIME,
            Kind.LOCAL_TIMESTAMP,
            Kind.INSTANT,
            Kind.JSON,
            Kind.TEXT);

    @BeforeEach
    void createTables() throws SQLException {
        Endpoint endpoint = endpoint();
        kinds = kindsTable();
        people = table("people", List.of(0, 1), "a", "integer", "order", "varchar(20)", "email", "varchar(100)");
        huge = hugeTable(endpoint.dialect().engine().equals("postgresql"));
        connection = endpoint.connectWriter();
        sink = TableReads.sink(connection, endpoint.dialect());
        try (var statement = connection.createStatement()) {
            statement.execute(create(kinds, ""));
            statement.execute(create(people, ", unique (" + quote("email") + ")"));
        }
        connection.setAutoCommit(false);
    }

    @AfterEach
    void dropTables() throws SQLException {
        if (!connection.getAutoCommit()) connection.rollback();
        connection.setAutoCommit(true);
        try (var statement = connection.createStatement()) {
            for (Destination table : List.of(kinds, people, huge))
                statement.execute("drop table if exists " + endpoint().dialect().quote(table.table()));
        }
        connection.close();
    }

    @Test
    void valuesOfEveryKindArriveAsTheyAreCarried() throws SQLException {
        write(kinds, everything());

        assertHolds(kinds, everything());
    }

    @Test
    void copiedValuesOfEveryKindArriveAsTheyAreCarried() throws SQLException {
        copy(kinds, everything());

        assertHolds(kinds, everything());
    }

    @Test
    void manyCopiedRowsOfManyShapesArrive() throws SQLException {
        List<Row> shapes = everything();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 6000; i++) {
            List<Value> values =
                    new ArrayList<>(shapes.get(i * 7 % shapes.size()).values());
            values.set(0, num(i + 1));
            values.set(5, text("\u00e9 " + i + " " + AWKWARD));
            rows.add(new Row(values));
        }

        copy(kinds, rows);

        assertHolds(kinds, rows);
    }

    @Test
    void aCopiedRowThatIsThereAlreadyOrWhoseUniqueValueIsTakenIsAViolation() throws SQLException {
        // given
        List<Row> rows = List.of(person(1, "k", "a@x"), person(2, "k", "b@x"));
        copy(people, rows);

        // when
        SQLException again = copyFailure(List.of(person(3, "k", "c@x"), person(1, "k", "a@x")));
        SQLException taken = copyFailure(List.of(person(3, "k", "b@x")));
        SQLException twice = copyFailure(List.of(person(3, "k", "c@x"), person(3, "k", "c@x")));

        // then
        assertThat(List.of(again, taken, twice)).allMatch(SqlErrors::isUniqueViolation);
        assertThat(List.of(again, taken, twice)).noneMatch(SqlErrors::isTransient);
        assertHolds(people, rows);
    }

    @Test
    void aCopiedValueThatDoesNotFitIsRefusedAndNeverCut() throws SQLException {
        SQLException tooLong = copyFailure(List.of(person(1, "k", "x".repeat(101))));

        assertThat(SqlErrors.state(tooLong)).isEqualTo("22001");
        assertHolds(people, List.of());
    }

    @Test
    void replacingRemovesTheRowsThatHoldTheUniqueValuesAndNoOthers() throws SQLException {
        // given
        Row other = person(9, "k", "z@x");
        write(people, List.of(person(1, "k", "a@x"), person(2, "k", "b@x"), person(3, "k", "c@x"), other));

        // when: one row stays what it is, one takes two others' places
        List<Row> rows = List.of(person(1, "k", "a@x"), person(3, "k", "b@x"), person(4, "k", "c@x"));
        sink.replace(connection, people, rows);
        connection.commit();

        // then
        assertHolds(people, List.of(rows.get(0), rows.get(1), rows.get(2), other));
    }

    /** As where a copy was cut off, and its second view has another row with the value. */
    @Test
    void ofTwoRowsThatClaimOneUniqueValueAsTheyReplaceTheLaterOneHasIt() throws SQLException {
        write(people, List.of(person(7, "k", "old@x")));

        List<Row> rows =
                List.of(person(1, "k", "a@x"), person(2, "k", "b@x"), person(9, "k", "a@x"), person(7, "k", "b@x"));
        sink.replace(connection, people, rows);
        connection.commit();

        assertHolds(people, List.of(rows.get(3), rows.get(2)));
    }

    @Test
    void replacingWritesEveryKindAsItIsCarried() throws SQLException {
        copy(kinds, everything());
        sink.replace(connection, kinds, everything());
        connection.commit();

        assertHolds(kinds, everything());
    }

    @Test
    void aValueOf64MegabytesIsCopiedInsertedAndUpdated() throws SQLException {
        // given
        byte[] bytes = new byte[64 << 20];
        new java.util.Random(1).nextBytes(bytes);
        execute("create table " + endpoint().dialect().quote(huge.table()) + " (id integer primary key, content "
                + huge.columns().get(1).type() + ", note "
                + huge.columns().get(2).type() + ")");
        Row binary = row(num(1), new Value.Binary(bytes), text("small"));
        Row words = row(num(2), new Value.Binary(new byte[] {0}), text("\u00e9\\".repeat(16 << 20)));

        // when
        copy(huge, List.of(binary));
        copy(huge, List.of(words));
        Row inserted = row(num(3), new Value.Binary(bytes), text("new"));
        Row updated = row(num(2), new Value.Binary(bytes), text("other"));
        Row upserted = row(num(1), new Value.Binary(new byte[] {1}), words.get(2));
        sink.spellInsert(huge, List.of(inserted)).write(connection);
        sink.spellUpdate(huge, List.of(updated)).write(connection);
        write(huge, List.of(upserted));

        // then
        assertHolds(huge, List.of(upserted, updated, inserted));
    }

    @Test
    void rowsWrittenAgainFromAnyPointOnLeaveTheSameState() throws SQLException {
        List<Row> rows = everything();
        write(kinds, rows);
        write(kinds, rows.subList(1, rows.size()));
        write(kinds, rows);

        assertHolds(kinds, rows);
    }

    @Test
    void anUpsertReplacesEveryColumnOfTheRow() throws SQLException {
        List<Row> rows = everything();
        write(kinds, rows);
        List<Value> other = new ArrayList<>(rows.get(2).values());
        other.set(0, new Value.Whole(1));

        write(kinds, List.of(new Row(other)));

        List<Row> expected = new ArrayList<>(rows);
        expected.set(0, new Row(other));
        assertHolds(kinds, expected);
    }

    @Test
    void insertedRowsOfEveryKindArriveFewOrMany() throws SQLException {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            List<Value> values =
                    new ArrayList<>(everything().get(i % everything().size()).values());
            values.set(0, num(i + 1));
            rows.add(new Row(values));
        }

        sink.spellInsert(kinds, rows.subList(0, 4)).write(connection);
        sink.spellInsert(kinds, rows.subList(4, 100)).write(connection);
        connection.commit();

        assertHolds(kinds, rows);
    }

    @Test
    void aRowThatIsInsertedAgainIsAViolation() throws SQLException {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 100; i++) rows.add(person(i, "k", "mail" + i));
        write(people, rows.subList(90, 91));

        for (int first : new int[] {0, 85}) {
            SQLException error = catchThrowableOfType(
                    SQLException.class,
                    () -> sink.spellInsert(people, rows.subList(first, 100)).write(connection));
            connection.rollback();
            assertThat(SqlErrors.isUniqueViolation(error)).isTrue();
        }
        assertHolds(people, rows.subList(90, 91));
    }

    @Test
    void anUpdateReplacesEveryColumnAndBringsRowsThatAreMissing() throws SQLException {
        // given: all but the last row, each with the values of another
        List<Row> rows = everything();
        List<Row> others = new ArrayList<>();
        for (int i = 0; i < rows.size() - 1; i++) {
            List<Value> values = new ArrayList<>(rows.get(i + 1).values());
            values.set(0, rows.get(i).get(0));
            others.add(new Row(values));
        }
        write(kinds, others);

        // when
        sink.spellUpdate(kinds, rows.subList(0, rows.size() - 1)).write(connection);
        connection.commit();
        assertHolds(kinds, rows.subList(0, rows.size() - 1));
        sink.spellUpdate(kinds, rows).write(connection);
        connection.commit();

        // then
        assertHolds(kinds, rows);
    }

    @Test
    void deletesTakeTheNamedRowsAloneAndMindNoMissingOnes() throws SQLException {
        Row first = person(1, "it's", "a@x");
        Row second = person(1, "b\\", "b@x");
        Row third = person(2, "it's", "c@x");
        write(people, List.of(first, second, third));

        sink.delete(
                connection, people, List.of(people.keyOf(first), people.keyOf(second), List.of(num(7), text("no"))));
        sink.delete(connection, people, List.of(people.keyOf(first)));
        sink.delete(connection, kinds, List.of(List.of(num(1)), List.of(num(2))));
        connection.commit();

        assertHolds(people, List.of(third));
    }

    @Test
    void moreRowsThanAStatementTakesArrive() throws SQLException {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 2500; i++) rows.add(person(i, "k", "mail" + i));

        write(people, rows);
        assertHolds(people, rows);

        sink.delete(connection, people, rows.stream().map(people::keyOf).toList());
        connection.commit();
        assertHolds(people, List.of());
    }

    @Test
    void aUniqueValueThatAnotherRowHoldsIsAViolationAndTouchesNoOtherRow() throws SQLException {
        // given
        List<Row> rows = List.of(person(1, "k", "a@x"), person(2, "k", "b@x"));
        write(people, rows);

        // when: a new row takes the value of another; two rows swap theirs
        SQLException taken = failure(List.of(person(3, "k", "a@x")));
        SQLException swapped = failure(List.of(person(1, "k", "b@x"), person(2, "k", "a@x")));
        SQLException sameInPart = failure(List.of(person(1, "other", "a@x")));

        // then
        assertThat(List.of(taken, swapped, sameInPart)).allMatch(SqlErrors::isUniqueViolation);
        assertThat(List.of(taken, swapped, sameInPart)).noneMatch(SqlErrors::isTransient);
        assertHolds(people, rows);
    }

    @Test
    void uniqueValuesSwapOnceTheRowsAreClearedFirst() throws SQLException {
        write(people, List.of(person(1, "k", "a@x"), person(2, "k", "b@x")));
        List<Row> swapped = List.of(person(1, "k", "b@x"), person(2, "k", "a@x"));

        sink.delete(connection, people, swapped.stream().map(people::keyOf).toList());
        write(people, swapped);

        assertHolds(people, swapped);
    }

    @Test
    void aValueThatDoesNotFitIsRefusedAndNeverCut() throws SQLException {
        SQLException tooLong = failure(List.of(person(1, "k", "x".repeat(101))));

        assertThat(SqlErrors.state(tooLong)).isEqualTo("22001");
        assertThat(SqlErrors.isTransient(tooLong)).isFalse();
        assertHolds(people, List.of());
    }

    @Test
    void aRefusalSaysWhoseFaultItIsAndWhatToDo() throws SQLException {
        boolean postgres = endpoint().dialect().engine().equals("postgresql");
        execute("drop table if exists goods");
        Destination goods = Destination.of(Goods.create(endpoint()).table, Side.SOURCE);
        Value foreign = text(postgres ? "a\0b" : "\u4e2d");

        assertRefused(goods, Goods.tooMany(1), true, "make the constraint there agree");
        assertRefused(goods, Goods.tooLarge(1), true, "a type that holds this value");
        assertRefused(goods, Goods.row(1, Map.of("note", foreign)), true, "character set that holds this value");
        assertRefused(goods, Goods.row(1, Map.of("label", Value.NULL)), true, "let the column take NULL");
        assertRefused(goods, Goods.row(1, Map.of("label", text("x".repeat(13)))), true, "widen the column");
        execute("alter table goods add column more integer not null");
        // a row that lacks a value is refused as one with NULL on PostgreSQL
        assertRefused(goods, Goods.row(1), postgres, postgres ? "let the column take NULL" : "a default");
        execute("alter table goods drop column more, drop column small");
        assertRefused(goods, Goods.row(1), false, "add the column there");
        execute("drop table goods");
        assertRefused(goods, Goods.row(1), false, "create the table there");
    }

    private void assertRefused(Destination table, Row row, boolean itsFault, String remedy) throws SQLException {
        SQLException error = failure(table, List.of(row));
        assertThat(SqlErrors.remedy(error)).as("%s", error.getMessage()).contains(remedy);
        assertThat(SqlErrors.isOfTheRow(error)).as("%s", error.getMessage()).isEqualTo(itsFault);
        assertThat(SqlErrors.isTransient(error)).isFalse();
    }

    @Test
    void controlTablesAreCreatedOnceAndStay() throws SQLException {
        connection.setAutoCommit(true);
        for (int i = 0; i < 2; i++) {
            ControlTables.createBarrier(connection, endpoint().dialect());
            ControlTables.createApplied(connection, endpoint().dialect());
            try (var statement = connection.createStatement()) {
                int deleted = statement.executeUpdate("delete from lockstep.barrier where lane = 77");
                assertThat(deleted).isEqualTo(i);
                statement.executeUpdate("insert into lockstep.barrier values ('FORWARD', 77, 1)");
            }
        }
    }

    private List<Row> everything() {
        Row plain = row(
                num(1),
                new Value.Exact(new BigDecimal("1234567890.10")),
                Value.of(true),
                new Value.Single(0.1f),
                new Value.Double(0.1),
                text("plain"),
                text("ab"),
                new Value.Binary("bytes".getBytes(StandardCharsets.UTF_8)),
                new Value.Date(LocalDate.of(2026, 11, 22).toEpochDay()),
                new Value.Time(25_509_000_001L),
                new Value.LocalTimestamp(Texts.micros(MOMENT)),
                new Value.Instant(Texts.micros(MOMENT)),
                new Value.Json("{\"b\": [1, 2.50, null, true], \"a\": \"it's \\\"so\\\" \\\\ \ud83d\ude00\"}"),
                text("Sent out"));
        List<Value> nulls = new ArrayList<>(List.of(num(2)));
        while (nulls.size() < KINDS.size()) nulls.add(Value.NULL);
        Row awkward = row(
                num(Long.MIN_VALUE),
                new Value.Exact(new BigDecimal("-0.01")),
                Value.of(false),
                new Value.Single(-1.17549435E-38f),
                new Value.Double(2.2250738585072014E-308),
                text(AWKWARD),
                text("'\\\""),
                new Value.Binary(allBytes()),
                new Value.Date(LocalDate.of(1000, 1, 1).toEpochDay()),
                new Value.Time(0),
                new Value.LocalTimestamp(Texts.micros(LocalDateTime.of(9999, 12, 31, 23, 59, 59, 999_999_000))),
                new Value.Instant(1_000_001),
                new Value.Json("[]"),
                text("it's"));
        Row edges = row(
                num(Long.MAX_VALUE),
                new Value.Whole(7),
                Value.of(true),
                new Value.Single(Float.MAX_VALUE),
                new Value.Double(-0.0),
                text(""),
                text(""),
                new Value.Binary(new byte[0]),
                new Value.Date(LocalDate.of(9999, 12, 31).toEpochDay()),
                new Value.Time(86_399_999_999L),
                new Value.LocalTimestamp(Texts.micros(LocalDateTime.of(1000, 1, 1, 0, 0))),
                new Value.Instant(Texts.micros(LocalDateTime.of(2037, 3, 29, 2, 30))),
                new Value.Json("\"NULL\""),
                text("it's"));
        return List.of(plain, new Row(nulls), awkward, edges);
    }

    private static byte[] allBytes() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) i;
        return bytes;
    }

    private void write(Destination table, List<Row> rows) throws SQLException {
        sink.upsert(connection, table, rows);
        connection.commit();
    }

    private void copy(Destination table, List<Row> rows) throws SQLException {
        sink.copy(connection, table, rows);
        connection.commit();
    }

    private SQLException copyFailure(List<Row> rows) throws SQLException {
        SQLException error = catchThrowableOfType(SQLException.class, () -> sink.copy(connection, people, rows));
        connection.rollback();
        assertThat((Throwable) error).isNotNull();
        return error;
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
        connection.commit();
    }

    private SQLException failure(List<Row> rows) throws SQLException {
        return failure(people, rows);
    }

    private SQLException failure(Destination table, List<Row> rows) throws SQLException {
        SQLException error = catchThrowableOfType(SQLException.class, () -> sink.upsert(connection, table, rows));
        connection.rollback();
        assertThat((Throwable) error).isNotNull();
        return error;
    }

    private void assertHolds(Destination table, List<Row> expected) throws SQLException {
        List<Row> found = TableReads.rows(connection, endpoint().dialect(), table);
        assertThat(TableReads.canonical(found)).as("%s", found).isEqualTo(TableReads.canonical(expected));
    }

    private Destination kindsTable() {
        List<Destination.Column> columns = new ArrayList<>();
        for (int i = 0; i < KINDS.size(); i++)
            columns.add(new Destination.Column(
                    "c" + i, types().get(i).replaceFirst(" (generated|auto_increment).*", ""), KINDS.get(i)));
        return new Destination("src.kinds", new TableId(schema(), "Kinds of \"value\""), columns, List.of(0));
    }

    private Destination hugeTable(boolean postgres) {
        return new Destination(
                "src.huge",
                new TableId(schema(), "huge"),
                List.of(
                        new Destination.Column("id", "integer", Kind.NUMBER),
                        new Destination.Column("content", postgres ? "bytea" : "longblob", Kind.BINARY),
                        new Destination.Column("note", postgres ? "text" : "longtext", Kind.TEXT)),
                List.of(0));
    }

    private Destination table(String name, List<Integer> key, String... columns) {
        List<Destination.Column> list = new ArrayList<>();
        for (int i = 0; i < columns.length; i += 2)
            list.add(new Destination.Column(
                    columns[i], columns[i + 1], columns[i + 1].equals("integer") ? Kind.NUMBER : Kind.TEXT));
        return new Destination("src." + name, new TableId(schema(), name), list, key);
    }

    String schema() {
        return endpoint().database();
    }

    private String quote(String name) {
        return endpoint().dialect().quote(name);
    }

    private String create(Destination table, String more) {
        StringBuilder sql =
                new StringBuilder("create table ").append(endpoint().dialect().quote(table.table()));
        String separator = " (";
        for (Destination.Column column : table.columns()) {
            sql.append(separator).append(quote(column.name())).append(' ').append(declaration(column));
            if (!table.keyColumns().contains(column)) sql.append(" null");
            separator = ", ";
        }
        String key = table.keyColumns().stream().map(c -> quote(c.name())).collect(Collectors.joining(", "));
        return sql + ", primary key (" + key + ")" + more + ")";
    }

    /** A bare key column is the engine's own counter, which has to take our values too. */
    private String declaration(Destination.Column column) {
        return column.name().equals("c0") ? types().get(0) : column.type();
    }

    static Row person(long a, String order, String email) {
        return row(num(a), text(order), text(email));
    }

    private static Row row(Value... values) {
        return new Row(Arrays.asList(values));
    }

    private static Value num(long value) {
        return new Value.Whole(value);
    }

    private static Value text(String text) {
        return new Value.Text(text);
    }
}
