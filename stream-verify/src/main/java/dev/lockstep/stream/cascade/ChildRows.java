package dev.lockstep.stream.cascade;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.RowReader;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The rows of one child as a database keeps them, and the statements that change them. */
final class ChildRows {

    private final Dialect dialect;
    private final Side side;
    private final Effect effect;
    private final TableMapping child;

    ChildRows(Dialect dialect, Side side, Effect effect) {
        this.dialect = dialect;
        this.side = side;
        this.effect = effect;
        child = effect.tie().child();
    }

    /** Changes all rows that refer to the parents. */
    String change() throws SQLException {
        return change(side.conditionOn(dialect, columns(effect.tie().columns())).anyOf(effect.from()));
    }

    /** Changes the rows with these keys alone. */
    String change(List<List<Value>> keys) throws SQLException {
        return change(side.conditionOn(dialect, child.keyColumns()).anyOf(keys));
    }

    private String change(String where) throws SQLException {
        String table = dialect.quote(side.nameOf(child));
        if (effect.removes()) return "delete from " + table + where;
        return "update " + table + " set "
                + side.conditionOn(dialect, columns(effect.tie().columns())).assigning(effect.to()) + keptTimes()
                + where;
    }

    /** A column that MySQL and MariaDB set to the time of an update keeps what it has: a cascade changes nothing but the key. */
    private String keptTimes() {
        if (dialect.engine().equals("postgresql")) return "";
        StringBuilder kept = new StringBuilder();
        for (ColumnMapping column : child.columns()) {
            String name = dialect.quote(side.nameOf(column));
            if (side.typeOf(column).matches("(timestamp|datetime).*"))
                kept.append(", ").append(name).append(" = ").append(name);
        }
        return kept.toString();
    }

    /**
     * What of the rows the cascade needs that goes on from them: their keys, and what others refer to; all else is NULL.
     *
     * @param referredTo indices into the child's columns
     * @param most rows
     */
    List<Row> read(Connection connection, List<Integer> referredTo, int most) throws SQLException {
        List<Integer> places = new ArrayList<>(child.key());
        referredTo.stream().filter(column -> !places.contains(column)).forEach(places::add);
        RowReader reader = side.readerOf(
                dialect, new TableMapping(child.source(), child.target(), columns(places), List.of(), child.lane()));
        List<Row> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(select(reader.selectList(), most))) {
            while (found.next()) rows.add(spread(reader.read(found), places));
        }
        return rows;
    }

    String select(String list, int most) throws SQLException {
        return "select " + list + " from " + dialect.quote(side.nameOf(child))
                + side.conditionOn(dialect, columns(effect.tie().columns())).anyOf(effect.from()) + " limit " + most;
    }

    private Row spread(Row read, List<Integer> places) {
        List<Value> values = new ArrayList<>(Collections.nCopies(child.columns().size(), Value.NULL));
        for (int i = 0; i < places.size(); i++) values.set(places.get(i), read.get(i));
        return new Row(values);
    }

    private List<ColumnMapping> columns(List<Integer> indices) {
        return indices.stream().map(child.columns()::get).toList();
    }
}
