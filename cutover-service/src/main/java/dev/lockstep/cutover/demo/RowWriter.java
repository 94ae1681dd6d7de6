package dev.lockstep.cutover.demo;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows within one transaction and notes them. Changes and deletions ask for the version that was acknowledged last, as
 * optimistic locking does: so a lost write shows even where a newer one would soon cover it.
 */
final class RowWriter {

    private final Sql sql;
    private final Writes writes;
    private final Ledger ledger;

    RowWriter(Sql sql, Writes writes, Ledger ledger) {
        this.sql = sql;
        this.writes = writes;
        this.ledger = ledger;
    }

    Writes writes() {
        return writes;
    }

    /**
     * Inserts a row whose id the database gives, and returns it.
     *
     * @param columns without id and version
     */
    long insert(ShopTable table, String columns, @Nullable Object... values) throws SQLException {
        long id = sql.insert(insertion(table, columns, values), with(values, writes.token()));
        writes.wrote(table, id);
        return id;
    }

    /** Inserts a line of an order. */
    void insertItem(long order, int line, String columns, @Nullable Object... values) throws SQLException {
        String sqlText =
                insertion(ShopTable.ORDER_ITEMS, "order_id, line_no, " + columns, new Object[values.length + 2]);
        List<@Nullable Object> all = new ArrayList<>(List.of(order, line));
        for (Object value : values) all.add(value);
        all.add(writes.token());
        sql.update(sqlText, all.toArray());
        writes.wrote(ShopTable.ORDER_ITEMS, ShopTable.item(order, line));
    }

    /**
     * Changes a row with an id of its own; one that the ledger knows nothing of need not be there.
     *
     * @param assignments {@code column = ?, …}
     */
    void update(ShopTable table, long key, String assignments, @Nullable Object... values)
            throws SQLException, LostUpdateException {
        OptionalLong expected = ledger.expected(table, key);
        String statement =
                "update " + table.id() + " set " + assignments + ", version = ? where " + table.key() + " = ?";
        if (change(table, key, expected, statement, with(with(values, writes.token()), key))) writes.wrote(table, key);
    }

    /** Deletes a row likewise. */
    void delete(ShopTable table, long key) throws SQLException, LostUpdateException {
        OptionalLong expected = ledger.expected(table, key);
        String statement = "delete from " + table.id() + " where " + table.key() + " = ?";
        if (change(table, key, expected, statement, key)) writes.deleted(table, key);
    }

    private boolean change(
            ShopTable table, long key, OptionalLong expected, String statement, @Nullable Object... arguments)
            throws SQLException, LostUpdateException {
        if (expected.isEmpty()) return sql.update(statement, arguments) > 0;
        long version = expected.getAsLong();
        if (sql.update(statement + " and version = ?", with(arguments, version)) == 0)
            throw new LostUpdateException(table, key, version);
        return true;
    }

    private static String insertion(ShopTable table, String columns, @Nullable Object[] values) {
        return "insert into " + table.id() + " (" + columns + ", version) values (" + "?, ".repeat(values.length)
                + "?)";
    }

    private static @Nullable Object[] with(@Nullable Object[] values, Object last) {
        List<@Nullable Object> all = new ArrayList<>();
        for (Object value : values) all.add(value);
        all.add(last);
        return all.toArray();
    }
}
