package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A made-up source of {@link BankTables}: random transactions that move money between two tables, so that the sum of all balances is
 * always the same, and unique values between rows. The lane is what capture would write of them, and writes again after a crash.
 */
final class Bank {

    /** The columns of an account that hold unique values: see {@link BankTables}. */
    private static final int[] UNIQUE = {1, 4, 5, 7};

    final BankTables tables;
    final List<Lane.Entry> entries = new ArrayList<>();
    /** The rows of both tables after each transaction, by the transaction's number: the major of its changes' positions. */
    final Map<Long, List<List<Row>>> states = new HashMap<>();

    private final TreeMap<Long, Row> accounts = new TreeMap<>();
    private final TreeMap<String, Row> vaults = new TreeMap<>();
    private final Random random;
    private long transaction;
    private long index;
    private long ids;

    Bank(String schema, long seed) {
        tables = new BankTables(schema);
        random = new Random(seed);
    }

    /** The rows of the initial copy. */
    void copy() {
        for (int i = 0; i < 20; i++) {
            Row account = account(++ids, 1000);
            accounts.put(id(account), i == 0 ? with(account, 4, Value.NULL) : account);
            Row vault = vault(i, 1000);
            vaults.put(key(vault), vault);
        }
        accounts.values().forEach(row -> read(tables.accounts, row));
        vaults.values().forEach(row -> read(tables.vaults, row));
        note();
    }

    /** So many transactions, and a barrier behind every tenth, at its number. */
    void transactions(int count) {
        for (int i = 1; i <= count; i++) {
            transact(1 + random.nextInt(6));
            if (i % 10 == 0) barrier(i);
        }
    }

    /**
     * The same, but now and then the connector dies, within a transaction or between two, and begins again at an earlier change; and Kafka
     * keeps a message twice.
     */
    void transactionsSentTwice(int count) {
        for (int i = 1; i <= count; i++) {
            begin();
            int steps = 1 + random.nextInt(6);
            for (int step = 0; step < steps; step++) {
                step();
                if (random.nextInt(8) == 0) again(random.nextInt(40));
                if (random.nextInt(8) == 0) again(1);
            }
            commit();
            if (i % 10 == 0) barrier(i);
            if (random.nextInt(8) == 0) again(random.nextInt(40));
        }
    }

    /** What was written last is written again, rows of the initial copy aside: they are in Kafka once. */
    private void again(int count) {
        List<Lane.Entry> last = List.copyOf(entries.subList(Math.max(0, entries.size() - count), entries.size()));
        for (Lane.Entry entry : last) if (entry.change().operation() != Operation.READ) entries.add(entry);
    }

    void transact(int steps) {
        begin();
        for (int step = 0; step < steps; step++) step();
        commit();
    }

    /**
     * One transaction that changes every account.
     *
     * @return the first account's id
     */
    long touchAll() {
        begin();
        for (Row account : List.copyOf(accounts.values())) update(with(account, 2, sum(account.get(2), number(0))));
        commit();
        return accounts.firstKey();
    }

    long lastAccount() {
        return accounts.lastKey();
    }

    void barrier(long micros) {
        begin();
        Row row = new Row(
                List.of(new Value.Text(Barrier.Direction.FORWARD.name()), new Value.Whole(0), new Value.Whole(micros)));
        event(Barrier.MAPPING, Operation.UPDATE, null, row);
        commit();
    }

    /** With its initial copy made. */
    static Bank copied(Endpoint target, long seed) {
        Bank bank = new Bank(TargetServer.schema(target), seed);
        bank.copy();
        return bank;
    }

    /** The target shows both tables as they stood at the end of the transaction that its stored position names. */
    void assertShownAtATransactionsEnd(Endpoint target) throws SQLException {
        BankTables.State state = tables.read(target);
        long transaction = state.applied().position().major();
        assertThat(state.barrierMicros()).isEqualTo(state.applied().barrierMicros());
        if (transaction == 0) return; // within the copy
        for (int table = 0; table < state.rows().size(); table++)
            assertThat(TableReads.canonical(state.rows().get(table)))
                    .as("table %s after transaction %s", table, transaction)
                    .isEqualTo(TableReads.canonical(states.get(transaction).get(table)));
    }

    private void begin() {
        transaction++;
        index = 0;
    }

    private void commit() {
        entries.add(new Lane.Entry(new RowKey("", List.of()), ChangeEvent.commit(position(), name())));
        note();
    }

    private void note() {
        states.put(transaction, List.of(List.copyOf(accounts.values()), List.copyOf(vaults.values())));
    }

    private void step() {
        switch (random.nextInt(10)) {
            case 0 -> rotate(2);
            case 1 -> rotate(3);
            case 2 -> open();
            case 3 -> close();
            case 4 -> renumber();
            case 5 -> replace();
            case 6 -> moveVault();
            case 7 -> takeSeat();
            default -> transfer();
        }
    }

    /** Unique values go around between so many rows, the first by way of a value that nobody has. */
    private void rotate(int count) {
        int column = UNIQUE[random.nextInt(UNIQUE.length)];
        List<Long> chosen = chosen(count);
        List<Value> values =
                chosen.stream().map(id -> accounts.get(id).get(column)).toList();
        update(with(accounts.get(chosen.get(0)), column, fresh(column)));
        for (int i = 1; i < count; i++) update(with(accounts.get(chosen.get(i)), column, values.get(i - 1)));
        update(with(accounts.get(chosen.get(0)), column, values.get(count - 1)));
    }

    private void open() {
        insert(with(account(++ids, 0), 3, number(chosen(1).get(0))));
    }

    /** Its money goes to a vault, its children to nobody, and at times its unique values to a new one. */
    private void close() {
        if (accounts.size() < 15) return;
        Row gone = accounts.get(chosen(1).get(0));
        pay(gone);
        leave(gone.get(0));
        delete(gone.get(0));
        if (random.nextBoolean() || gone.get(4).equals(Value.NULL))
            insert(with(with(with(gone, 0, number(++ids)), 2, number(0)), 3, Value.NULL));
    }

    private void pay(Row account) {
        Row vault = vaults.get(anyVault());
        update(with(account, 2, number(0)));
        write(tables.vaults, Operation.UPDATE, vault, with(vault, 2, sum(vault.get(2), account.get(2))));
    }

    /** A changed key: as Debezium tells it, or as one change with the row before it. */
    private void renumber() {
        long id = chosen(1).get(0);
        leave(number(id));
        Row before = accounts.get(id);
        Row after = with(before, 0, number(++ids));
        if (random.nextBoolean()) {
            delete(before.get(0));
            insert(after);
            return;
        }
        accounts.remove(id);
        accounts.put(id(after), after);
        event(tables.accounts, Operation.UPDATE, before, after);
    }

    private void leave(Value parent) {
        for (Row child : List.copyOf(accounts.values()))
            if (child.get(3).equals(parent)) update(with(child, 3, Value.NULL));
    }

    /** Another row under the same key. */
    private void replace() {
        Row old = accounts.get(chosen(1).get(0));
        delete(old.get(0));
        insert(with(with(account(id(old), 0), 2, old.get(2)), 4, old.get(4)));
    }

    private void moveVault() {
        Row vault = vaults.get(anyVault());
        vaults.remove(key(vault));
        event(tables.vaults, Operation.DELETE, vault, null);
        write(tables.vaults, Operation.INSERT, null, with(vault, 0, number(random.nextInt(1000))));
    }

    /** An active account leaves its seat to another; it keeps the number, which its index no longer covers. */
    private void takeSeat() {
        List<Long> two = chosen(2);
        Row leaves = accounts.get(two.get(0));
        Row takes = accounts.get(two.get(1));
        update(with(leaves, 6, number(0)));
        update(with(with(takes, 5, leaves.get(5)), 6, number(1)));
        update(with(accounts.get(two.get(0)), 5, fresh(5)));
        update(with(accounts.get(two.get(0)), 6, number(1)));
    }

    private void transfer() {
        Row from = accounts.get(chosen(1).get(0));
        Row to = vaults.get(anyVault());
        Value amount = number(random.nextInt(100));
        update(with(from, 2, sum(from.get(2), number(-whole(amount)))));
        write(tables.vaults, Operation.UPDATE, to, with(to, 2, sum(to.get(2), amount)));
    }

    private List<Long> chosen(int count) {
        List<Long> all = new ArrayList<>(accounts.keySet());
        List<Long> chosen = new ArrayList<>();
        while (chosen.size() < count) chosen.add(all.remove(random.nextInt(all.size())));
        return chosen;
    }

    private String anyVault() {
        return new ArrayList<>(vaults.keySet()).get(random.nextInt(vaults.size()));
    }

    private Row account(long id, long balance) {
        return new Row(Arrays.asList(
                number(id), fresh(1), number(balance), Value.NULL, fresh(4), fresh(5), number(1), fresh(7)));
    }

    private Row vault(int number, long balance) {
        return new Row(List.of(number(0), new Value.Text("vault " + number), number(balance)));
    }

    private Value fresh(int column) {
        ids++;
        return column == 1 || column == 4 ? new Value.Text((ids % 2 == 0 ? "Name " : "name ") + ids) : number(ids);
    }

    private void insert(Row row) {
        write(tables.accounts, Operation.INSERT, null, row);
    }

    private void update(Row row) {
        write(tables.accounts, Operation.UPDATE, accounts.get(id(row)), row);
    }

    private void delete(Value id) {
        event(tables.accounts, Operation.DELETE, accounts.remove(whole(id)), null);
    }

    private void write(TableMapping table, Operation operation, @Nullable Row before, Row after) {
        if (table == tables.accounts) accounts.put(id(after), after);
        else vaults.put(key(after), after);
        event(table, operation, before, after);
    }

    /** Logs have the row before a change or have not. */
    private void event(TableMapping table, Operation operation, @Nullable Row before, @Nullable Row after) {
        Row row = after == null ? before : after;
        if (row == null) throw new IllegalArgumentException("a change of no row");
        boolean moved = after != null && before != null && !table.keyOf(before).equals(table.keyOf(after));
        Row told = moved || random.nextBoolean() ? before : null;
        index++;
        entries.add(new Lane.Entry(
                table.keyOf(row), new ChangeEvent(table.id(), operation, told, after, position(), name())));
    }

    private void read(TableMapping table, Row row) {
        entries.add(new Lane.Entry(
                table.keyOf(row), new ChangeEvent(table.id(), Operation.READ, null, row, Position.SNAPSHOT, null)));
    }

    private String name() {
        return Long.toString(transaction);
    }

    /** Of the newest change; a transaction's end has its last one's. */
    private Position position() {
        return new Position(transaction, 0, index);
    }

    private static Row with(Row row, int column, Value value) {
        List<Value> values = new ArrayList<>(row.values());
        values.set(column, value);
        return new Row(values);
    }

    private static Value number(long number) {
        return new Value.Whole(number);
    }

    private static Value sum(Value one, Value other) {
        return number(whole(one) + whole(other));
    }

    private static long whole(Value value) {
        return ((Value.Whole) value).value();
    }

    private static long id(Row account) {
        return whole(account.get(0));
    }

    private static String key(Row vault) {
        return vault.get(1) + "/" + vault.get(0);
    }
}
