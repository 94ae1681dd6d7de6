package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.CascadingKey;
import dev.lockstep.schemas.table.CascadingKey.Action;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A made-up source as InnoDB is one: tables whose foreign keys delete and change rows, and a lane that tells of the statements' own rows alone.
 * After each transaction it is noted what the tables hold.
 */
final class Family {

    private static final int PARENTS = 0;
    private static final int CHILDREN = 1;
    private static final int GRANDCHILDREN = 2;
    private static final int SELVES = 3;

    final List<TableMapping> tables;
    final List<Lane.Entry> entries = new ArrayList<>();
    final Map<Long, List<List<Row>>> states = new HashMap<>();

    private final List<TreeMap<Long, Row>> rows =
            List.of(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    private final Random random;
    private long transaction;
    private long event;
    private long ids;

    Family(String schema, long seed) {
        random = new Random(seed);
        TableMapping parents = table(schema, "parents", "id", "code");
        TableMapping children = table(schema, "children", "id", "parent", "code");
        TableMapping selves = table(schema, "selves", "id", "above");
        tables = List.of(
                parents,
                children.withCascades(List.of(
                        key("of_code", "code", parents, "code", Action.SET_NULL),
                        key("of_parent", "parent", parents, "id", Action.CASCADE))),
                table(schema, "grandchildren", "id", "child")
                        .withCascades(List.of(key("of_child", "child", children, "id", Action.CASCADE))),
                selves.withCascades(List.of(key("of_self", "above", selves, "id", Action.CASCADE))));
    }

    private static CascadingKey key(String name, String column, TableMapping parent, String key, Action onDelete) {
        return new CascadingKey(name, List.of(column), parent.source(), List.of(key), onDelete, Action.CASCADE);
    }

    private static TableMapping table(String schema, String name, String... columns) {
        return new TableMapping(
                new TableId("src", name),
                new TableId(schema, name),
                Stream.of(columns)
                        .map(c -> new ColumnMapping(c, Kind.NUMBER, "bigint", c, "bigint"))
                        .toList(),
                List.of(0),
                0);
    }

    /** Statements of one transaction each, barriers behind every tenth, at its number; now and then the newest entries come again. */
    void transactions(int count) {
        for (int i = 1; i <= count; i++) {
            transaction++;
            event = 0;
            for (int step = random.nextInt(6); step >= 0; step--) {
                step();
                if (random.nextInt(12) == 0) again(random.nextInt(30));
            }
            entries.add(new Lane.Entry(
                    new RowKey("", List.of()),
                    ChangeEvent.commit(new Position(transaction, event, 0), Long.toString(transaction))));
            states.put(
                    transaction,
                    rows.stream().map(table -> List.copyOf(table.values())).toList());
            if (i % 10 == 0) barrier(i);
        }
    }

    private void again(int count) {
        entries.addAll(List.copyOf(entries.subList(Math.max(0, entries.size() - count), entries.size())));
    }

    void barrier(long micros) {
        Row row = new Row(List.of(new Value.Text("FORWARD"), new Value.Whole(0), new Value.Whole(micros)));
        states.put(++transaction, states.get(transaction - 1));
        entries.add(new Lane.Entry(
                Barrier.MAPPING.keyOf(row),
                new ChangeEvent(
                        Barrier.MAPPING.id(),
                        Operation.UPDATE,
                        null,
                        row,
                        new Position(transaction, 1, 1),
                        Long.toString(transaction))));
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0, 1 -> insert(PARENTS, row(++ids, -ids));
            case 2, 3, 4 -> {
                if (!rows.get(PARENTS).isEmpty()) insert(CHILDREN, row(++ids, any(PARENTS), code()));
            }
            case 5, 6 -> {
                if (!rows.get(CHILDREN).isEmpty()) insert(GRANDCHILDREN, row(++ids, any(CHILDREN)));
            }
            case 7 -> insert(SELVES, row(++ids, rows.get(SELVES).isEmpty() ? null : any(SELVES)));
            case 8 -> {
                for (int i = random.nextInt(3); i >= 0 && !rows.get(PARENTS).isEmpty(); i--)
                    delete(PARENTS, any(PARENTS));
            }
            case 9 -> {
                if (!rows.get(PARENTS).isEmpty()) renumber(any(PARENTS));
            }
            case 10 -> {
                if (!rows.get(CHILDREN).isEmpty())
                    update(CHILDREN, row(any(CHILDREN), any(PARENTS), code()), List.of());
            }
            default -> {
                int table = random.nextBoolean() ? CHILDREN : SELVES;
                if (!rows.get(table).isEmpty()) delete(table, any(table));
            }
        }
    }

    private Long any(int table) {
        Long id = rows.get(table).ceilingKey(random.nextLong(ids) + 1);
        return id == null ? rows.get(table).firstKey() : id;
    }

    private @Nullable Long code() {
        return random.nextBoolean() ? null : number(rows.get(PARENTS).get(any(PARENTS)), 1);
    }

    private void insert(int table, Row row) {
        rows.get(table).put(number(row, 0), row);
        event++;
        tell(table, Operation.INSERT, null, row, 1);
    }

    private void delete(int table, long id) {
        Row gone = rows.get(table).remove(id);
        event++;
        tell(table, Operation.DELETE, gone, null, 0);
        cascade(table, gone);
    }

    /** Parents get another number, or another code; once a while, both. */
    private void renumber(long id) {
        Row before = rows.get(PARENTS).get(id);
        boolean newCode = random.nextBoolean();
        long code = newCode ? - ++ids : number(before, 1);
        boolean newId = !newCode || random.nextBoolean();
        Row after = row(newId ? ++ids : id, code);
        update(PARENTS, after, newId ? List.of(before) : List.of());
        for (Row child : List.copyOf(rows.get(CHILDREN).values())) {
            long parent = number(child, 1) == id ? number(after, 0) : number(child, 1);
            Long itsCode = child.get(2).equals(Value.NULL) ? null : number(child, 2);
            boolean follows = itsCode != null && itsCode.equals(number(before, 1));
            rows.get(CHILDREN).put(number(child, 0), row(number(child, 0), parent, follows ? (Long) code : itsCode));
        }
    }

    /** With the row that it was before where that had another key: the lane tells of a delete and an insert then, of one place. */
    private void update(int table, Row after, List<Row> moved) {
        event++;
        if (moved.isEmpty()) {
            Row before = rows.get(table).put(number(after, 0), after);
            tell(table, Operation.UPDATE, before, after, 1);
            return;
        }
        rows.get(table).remove(number(moved.get(0), 0));
        rows.get(table).put(number(after, 0), after);
        tell(table, Operation.DELETE, moved.get(0), null, 0);
        tell(table, Operation.INSERT, null, after, 1);
    }

    /** What no log tells of. */
    private void cascade(int table, Row gone) {
        switch (table) {
            case PARENTS -> {
                for (Row child : List.copyOf(rows.get(CHILDREN).values())) {
                    if (child.get(2).equals(gone.get(1)))
                        rows.get(CHILDREN).put(number(child, 0), row(number(child, 0), number(child, 1), null));
                    if (child.get(1).equals(gone.get(0))) vanish(CHILDREN, child);
                }
            }
            case CHILDREN -> referring(GRANDCHILDREN, gone).forEach(row -> vanish(GRANDCHILDREN, row));
            case SELVES -> referring(SELVES, gone).forEach(row -> vanish(SELVES, row));
            default -> {}
        }
    }

    private List<Row> referring(int table, Row gone) {
        return rows.get(table).values().stream()
                .filter(row -> row.get(1).equals(gone.get(0)))
                .toList();
    }

    private void vanish(int table, Row row) {
        rows.get(table).remove(number(row, 0));
        cascade(table, row);
    }

    private void tell(int table, Operation operation, @Nullable Row before, @Nullable Row after, int second) {
        Row key = after == null ? before : after;
        if (key == null) throw new IllegalArgumentException("a change of no row");
        entries.add(new Lane.Entry(
                tables.get(table).keyOf(key),
                new ChangeEvent(
                        tables.get(table).id(),
                        operation,
                        before,
                        after,
                        new Position(transaction, event, second),
                        Long.toString(transaction))));
    }

    private static long number(Row row, int column) {
        return ((Value.Whole) row.get(column)).value();
    }

    private static Row row(@Nullable Long... values) {
        List<Value> row = new ArrayList<>();
        for (Long value : values) row.add(value == null ? Value.NULL : new Value.Whole(value));
        return new Row(row);
    }
}
