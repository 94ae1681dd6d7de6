package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A made-up source: transactions against a table of members, whose names are unique, and what the table holds after each. The
 * lane is what capture would write of them.
 */
final class Lane {

    record Entry(RowKey key, ChangeEvent change) {}

    final TableMapping members;
    final List<Entry> entries = new ArrayList<>();
    /** The table after each transaction, by the transaction's number: the major of its changes' positions. */
    final Map<Long, Map<Long, Row>> states = new HashMap<>();

    private final TreeMap<Long, Row> rows = new TreeMap<>();
    private final Random random;
    private long transaction;
    private long index;
    private long ids;

    Lane(String schema, long seed) {
        members = new TableMapping(
                new TableId("src", "members"),
                new TableId(schema, "members"),
                List.of(
                        new ColumnMapping("id", Kind.NUMBER, "bigint", "id", "bigint"),
                        new ColumnMapping("name", Kind.TEXT, "varchar(40)", "name", "character varying(40)"),
                        new ColumnMapping("points", Kind.NUMBER, "int", "points", "integer")),
                List.of(0),
                0);
        random = new Random(seed);
        states.put(0L, Map.of());
    }

    static Row row(long id, String name, long points) {
        return new Row(List.of(new Value.Whole(id), new Value.Text(name), new Value.Whole(points)));
    }

    void copy(int count) {
        copyWithoutState(count);
        states.put(0L, Map.copyOf(rows));
    }

    void copyWithoutState(int count) {
        for (int i = 0; i < count; i++) {
            Row row = row(++ids, "member " + ids, random.nextInt(100));
            rows.put(ids, row);
            event(Operation.READ, null, row, Position.SNAPSHOT);
        }
    }

    /** A row as a copy at a later moment reads it; it is not noted. */
    Entry read(Row row) {
        return new Entry(
                members.keyOf(row), new ChangeEvent(members.id(), Operation.READ, null, row, Position.SNAPSHOT, null));
    }

    /** A transaction of one to so many random statements. */
    void transact(int statements) {
        begin();
        for (int i = random.nextInt(statements); i >= 0; i--) statement();
        commit();
    }

    void begin() {
        transaction++;
        index = 0;
    }

    void commit() {
        commitWithoutState();
        states.put(transaction, Map.copyOf(rows));
    }

    void nextTransaction() {
        commitWithoutState();
        begin();
    }

    private void commitWithoutState() {
        entries.add(new Entry(new RowKey("", List.of()), ChangeEvent.commit(position(), Long.toString(transaction))));
    }

    private void statement() {
        switch (rows.size() < 5 ? 0 : random.nextInt(6)) {
            case 0 -> insert(row(++ids, "member " + ids, random.nextInt(100)));
            case 1 -> delete(any());
            case 2 -> swapNames(any(), any());
            case 3 -> renumber(any());
            case 4 -> {
                Row gone = rows.get(any());
                delete(id(gone));
                insert(row(++ids, name(gone), 0));
            }
            default -> update(row(any(), "member " + ++ids, random.nextInt(100)));
        }
    }

    private long any() {
        Long id = rows.ceilingKey(random.nextLong(ids) + 1);
        return id == null ? rows.firstKey() : id;
    }

    private static long id(Row row) {
        return ((Value.Whole) row.get(0)).value();
    }

    private static String name(Row row) {
        return ((Value.Text) row.get(1)).value();
    }

    void insert(Row row) {
        rows.put(id(row), row);
        event(Operation.INSERT, null, row, position());
    }

    void update(Row row) {
        Row before = rows.put(id(row), row);
        event(Operation.UPDATE, before, row, position());
    }

    void delete(long id) {
        event(Operation.DELETE, rows.remove(id), null, position());
    }

    private void swapNames(long one, long other) {
        if (one == other) return;
        Row first = rows.get(one);
        Row second = rows.get(other);
        update(row(one, "on the move", 1));
        update(row(other, name(first), 2));
        update(row(one, name(second), 3));
    }

    /** As Debezium tells a changed key. */
    private void renumber(long id) {
        Row row = rows.get(id);
        delete(id);
        insert(row(++ids, name(row), 4));
    }

    void barrier(long micros) {
        begin();
        barrier(Barrier.Direction.FORWARD, micros);
        commit();
    }

    void trial(long micros) {
        begin();
        barrier(Barrier.Direction.FORWARD.row(true), micros);
        commit();
    }

    void barrier(Barrier.Direction direction, long micros) {
        barrier(direction.row(false), micros);
    }

    private void barrier(String name, long micros) {
        Row row = new Row(List.of(new Value.Text(name), new Value.Whole(0), new Value.Whole(micros)));
        entries.add(new Entry(
                Barrier.MAPPING.keyOf(row),
                new ChangeEvent(
                        Barrier.MAPPING.id(), Operation.UPDATE, null, row, position(), Long.toString(transaction))));
    }

    /** Sends the newest entries again, as a connector does that was killed before it noted how far it was. */
    void repeat(int count) {
        entries.addAll(List.copyOf(entries.subList(Math.max(0, entries.size() - count), entries.size())));
    }

    private void event(Operation operation, @Nullable Row before, @Nullable Row after, Position position) {
        Row key = after == null ? before : after;
        if (key == null) throw new IllegalArgumentException("a change of no row");
        entries.add(new Entry(
                members.keyOf(key),
                new ChangeEvent(members.id(), operation, before, after, position, Long.toString(transaction))));
    }

    private Position position() {
        return new Position(transaction, 0, ++index);
    }
}
