package dev.lockstep.schemas.table;

import dev.lockstep.schemas.row.Uuids;
import dev.lockstep.schemas.row.Value;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Conditions on a table's key on one side, spelled so that the key's index serves them. */
public final class KeyCondition {

    /** A column of the key as this side has it. */
    private record Column(String quoted, Kind kind, String type) {}

    private final Dialect dialect;
    private final boolean postgres;
    private final List<Column> columns;

    private KeyCondition(Dialect dialect, List<Column> columns) {
        this.dialect = dialect;
        postgres = dialect.engine().equals("postgresql");
        this.columns = columns;
    }

    /** Of the table on the source, whose dialect it is. */
    public static KeyCondition ofSource(Dialect dialect, List<ColumnMapping> key) {
        return new KeyCondition(
                dialect,
                key.stream()
                        .map(c -> new Column(dialect.quote(c.name()), c.kind(), c.sourceType()))
                        .toList());
    }

    /** Of the table on the target, whose dialect it is. */
    public static KeyCondition ofTarget(Dialect dialect, List<ColumnMapping> key) {
        return new KeyCondition(
                dialect,
                key.stream()
                        .map(c -> new Column(dialect.quote(c.targetName()), c.kind(), c.targetType()))
                        .toList());
    }

    /** What a session needs so that literals are read as they are spelled, however the server is set up. */
    public static List<String> session(Dialect dialect) {
        return dialect.engine().equals("postgresql")
                ? List.of("set standard_conforming_strings = on")
                : List.of("set session sql_mode = ''");
    }

    /** The key's columns, to select or to order by. */
    public String names() {
        return names(columns);
    }

    private static String names(List<Column> columns) {
        return columns.stream().map(Column::quoted).collect(Collectors.joining(", "));
    }

    /** {@code where …}, or nothing for all rows. */
    public String within(KeyRange range) throws SQLException {
        List<String> conditions = new ArrayList<>();
        if (range.from() != null) conditions.add(beyond(range.from(), ">", ">"));
        if (range.to() != null) conditions.add(beyond(range.to(), "<", "<="));
        return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    }

    private String beyond(List<Value> bound, String sign, String lastSign) throws SQLException {
        List<String> literals = literals(bound);
        if (postgres || columns.size() == 1)
            return "(" + names() + ") " + lastSign + " (" + String.join(", ", literals) + ")";
        return spelledOut(literals, sign, lastSign);
    }

    /** {@code (a, b) > (x, y)} in single comparisons: the row form makes neither MySQL nor MariaDB use the index. */
    private String spelledOut(List<String> bound, String sign, String lastSign) {
        List<String> cases = new ArrayList<>();
        for (int last = 0; last < columns.size(); last++) {
            StringBuilder one = new StringBuilder("(");
            for (int i = 0; i < last; i++)
                one.append(columns.get(i).quoted)
                        .append(" = ")
                        .append(bound.get(i))
                        .append(" and ");
            String end = last == columns.size() - 1 ? lastSign : sign;
            cases.add(one.append(columns.get(last).quoted)
                    .append(' ')
                    .append(end)
                    .append(' ')
                    .append(bound.get(last))
                    .append(')')
                    .toString());
        }
        return "(" + String.join(" or ", cases) + ")";
    }

    /** {@code where …}: rows with one of the keys, and on engines that take other spellings for equal those with such. */
    public String anyOf(List<List<Value>> keys) throws SQLException {
        List<String> tuples = new ArrayList<>(keys.size());
        for (List<Value> key : keys) tuples.add("(" + String.join(", ", literals(key)) + ")");
        return " where (" + names() + ") in (" + String.join(", ", tuples) + ")";
    }

    /** {@code a = x, b = y}: what an update sets the columns to. */
    public String assigning(List<Value> values) throws SQLException {
        List<String> assigned = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++)
            assigned.add(columns.get(i).quoted + " = " + literal(columns.get(i), values.get(i)));
        return String.join(", ", assigned);
    }

    private List<String> literals(List<Value> key) throws SQLException {
        List<String> literals = new ArrayList<>(key.size());
        for (int i = 0; i < key.size(); i++) literals.add(literal(columns.get(i), key.get(i)));
        return literals;
    }

    private String literal(Column column, Value value) throws SQLException {
        if (value instanceof Value.Null) return "null";
        StringBuilder out = new StringBuilder();
        if (postgres) PostgresText.append(out, stored(column, value));
        else MySqlLiteral.append(out, stored(column, value));
        return postgres ? dialect.literal(out.toString()) + "::" + uncut(column.type) : out.toString();
    }

    /** A cast to {@code varchar(20)} would cut a longer text, and make it another key. */
    private static String uncut(String type) {
        return type.startsWith("character varying(") ? "text" : type;
    }

    /** As the column keeps it. */
    private static Value stored(Column column, Value value) {
        return column.kind.keepsOctets(column.type) && value instanceof Value.Text text
                ? new Value.Binary(Uuids.octets(text.value()))
                : value;
    }

    /** Whether both sides put the rows in one order, so that a range means the same rows on both. Where they do not, it only costs time. */
    public static boolean isOrderShared(Dialect source, Dialect target, List<ColumnMapping> key) {
        return key.stream().allMatch(column -> isOrderShared(source, target, column));
    }

    private static boolean isOrderShared(Dialect source, Dialect target, ColumnMapping column) {
        return switch (column.kind()) {
            case NUMBER, DATE, LOCAL_TIMESTAMP, INSTANT, BINARY -> true;
            case TEXT, PADDED_TEXT, UUID, TIME ->
                source.engine().equals(target.engine())
                        && column.sourceType().equals(column.targetType())
                        && !column.sourceType().matches("(enum|set)\\(.*"); // sorted by number, compared as text
            default -> false;
        };
    }
}
