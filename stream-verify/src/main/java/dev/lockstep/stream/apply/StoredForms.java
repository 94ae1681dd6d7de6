package dev.lockstep.stream.apply;

import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Uuids;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Refuses values that the server would round, and hands on the others in the form that their column keeps: a uuid in 16 octets, bits in a
 * bit field.
 */
final class StoredForms implements Sink {

    private final Sink sink;
    private final boolean mySql;

    /**
     * @param mySql whether it is MySQL's or MariaDB's, where {@code bit(n)} is a number of n bits
     */
    StoredForms(Sink sink, boolean mySql) {
        this.sink = sink;
        this.mySql = mySql;
    }

    @Override
    public void prepare(Connection connection) throws SQLException {
        sink.prepare(connection);
    }

    @Override
    public void delete(Connection connection, Destination table, List<List<Value>> keys) throws SQLException {
        List<Destination.Column> key = table.keyColumns();
        boolean asIs = key.stream().noneMatch(this::differs);
        sink.delete(
                connection,
                table,
                asIs ? keys : keys.stream().map(values -> stored(key, values)).toList());
    }

    @Override
    public void upsert(Connection connection, Destination table, List<Row> rows) throws SQLException {
        sink.upsert(connection, table, stored(table, rows));
    }

    @Override
    public Spelled spellInsert(Destination table, List<Row> rows) throws SQLException {
        return sink.spellInsert(table, stored(table, rows));
    }

    @Override
    public Spelled spellUpdate(Destination table, List<Row> rows) throws SQLException {
        return sink.spellUpdate(table, stored(table, rows));
    }

    /** One row after the other, as they are asked for: there may be many. */
    @Override
    public void copy(Connection connection, Destination table, Iterable<Row> rows) throws SQLException {
        Rounding rounding = rounding(table);
        boolean asIs = isAsCarried(table);
        try {
            sink.copy(connection, table, () -> new Iterator<>() {
                private final Iterator<Row> from = rows.iterator();

                @Override
                public boolean hasNext() {
                    return from.hasNext();
                }

                @Override
                public Row next() {
                    Row row = from.next();
                    try {
                        rounding.refuse(row);
                    } catch (SQLException e) {
                        throw new Refused(e);
                    }
                    return asIs ? row : stored(table, row);
                }
            });
        } catch (Refused e) {
            throw e.reason;
        }
    }

    /** Carries an error past an iterator. */
    private static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final SQLException reason;

        Refused(SQLException reason) {
            super(reason);
            this.reason = reason;
        }
    }

    @Override
    public void replace(Connection connection, Destination table, List<Row> rows) throws SQLException {
        sink.replace(connection, table, stored(table, rows));
    }

    private Rounding rounding(Destination table) {
        return Rounding.of(table, mySql ? 0 : 6);
    }

    private List<Row> stored(Destination table, List<Row> rows) throws SQLException {
        Rounding rounding = rounding(table);
        for (Row row : rows) rounding.refuse(row);
        return isAsCarried(table)
                ? rows
                : rows.stream().map(row -> stored(table, row)).toList();
    }

    private Row stored(Destination table, Row row) {
        return new Row(stored(table.columns(), row.values()));
    }

    private List<Value> stored(List<Destination.Column> columns, List<Value> values) {
        List<Value> stored = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) stored.add(stored(columns.get(i), values.get(i)));
        return stored;
    }

    private boolean isAsCarried(Destination table) {
        return table.columns().stream().noneMatch(this::differs);
    }

    private boolean differs(Destination.Column column) {
        return column.kind().keepsOctets(column.type()) || isBitField(column);
    }

    private boolean isBitField(Destination.Column column) {
        return mySql && column.kind() == Kind.BITS && column.type().startsWith("bit(");
    }

    private Value stored(Destination.Column column, Value value) {
        if (!(value instanceof Value.Text text)) return value;
        if (column.kind().keepsOctets(column.type())) return new Value.Binary(Uuids.octets(text.value()));
        if (isBitField(column)) return new Value.Exact(new BigDecimal(new BigInteger(text.value(), 2)));
        return value;
    }
}
