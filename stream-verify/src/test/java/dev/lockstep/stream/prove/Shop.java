package dev.lockstep.stream.prove;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Two tables of a number and a text, and what happens to them. */
final class Shop {

    static final Topics TOPICS = new Topics("test");
    static final TableMapping ITEMS = table("items", 0);
    static final TableMapping ORDERS = table("orders", 0);

    private Shop() {}

    static TableMapping table(String name, int lane) {
        TableId id = new TableId("shop", name);
        return new TableMapping(
                id,
                id,
                List.of(
                        new ColumnMapping("id", Kind.NUMBER, "bigint", "id", "bigint"),
                        new ColumnMapping("name", Kind.TEXT, "text", "name", "text")),
                List.of(0),
                lane);
    }

    /** An event with its key. */
    record Event(RowKey key, ChangeEvent change) {}

    static Event read(TableMapping table, long id, String name) {
        return event(table, Operation.READ, new Value.Whole(id), name);
    }

    static Event insert(TableMapping table, long id, String name) {
        return event(table, Operation.INSERT, new Value.Whole(id), name);
    }

    static Event update(TableMapping table, long id, String name) {
        return event(table, Operation.UPDATE, new Value.Whole(id), name);
    }

    static Event delete(TableMapping table, long id) {
        return event(table, Operation.DELETE, new Value.Whole(id), null);
    }

    static Event event(TableMapping table, Operation operation, Value id, @Nullable String name) {
        Row after = name == null ? null : row(id, name);
        return new Event(
                new RowKey(table.id(), List.of(id)),
                new ChangeEvent(
                        table.id(),
                        operation,
                        null,
                        after,
                        operation == Operation.READ ? Position.SNAPSHOT : new Position(1, 1, 1),
                        "t"));
    }

    /** A change as a log with whole rows has it. */
    static Event logged(TableMapping table, long place, long id, @Nullable String before, @Nullable String after) {
        Operation operation = before == null ? Operation.INSERT : after == null ? Operation.DELETE : Operation.UPDATE;
        Value key = new Value.Whole(id);
        return new Event(
                new RowKey(table.id(), List.of(key)),
                new ChangeEvent(
                        table.id(),
                        operation,
                        before == null ? null : row(key, before),
                        after == null ? null : row(key, after),
                        new Position(1, place, 0),
                        "t"));
    }

    /** Read anew from the database, for a repair. */
    static Event readAnew(TableMapping table, long id, @Nullable String name) {
        if (name != null) return read(table, id, name);
        Value key = new Value.Whole(id);
        return new Event(
                new RowKey(table.id(), List.of(key)),
                new ChangeEvent(table.id(), Operation.DELETE, null, null, Position.SNAPSHOT, null));
    }

    static Event commit() {
        return new Event(new RowKey("", List.of()), ChangeEvent.commit(new Position(1, 1, 1), "t"));
    }

    static Event barrier(int lane, long micros) {
        return barrier(Barrier.Direction.FORWARD, lane, micros);
    }

    static Event barrier(Barrier.Direction direction, int lane, long micros) {
        return barrier(direction.row(false), lane, micros);
    }

    /** One of the way back. */
    static Event trial(long micros) {
        return barrier(Barrier.Direction.REVERSE.row(true), 0, micros);
    }

    private static Event barrier(String name, int lane, long micros) {
        Row row = new Row(List.of(new Value.Text(name), new Value.Whole(lane), new Value.Whole(micros)));
        return new Event(
                Barrier.MAPPING.keyOf(row),
                new ChangeEvent(Barrier.MAPPING.id(), Operation.UPDATE, null, row, new Position(1, 1, 1), "b"));
    }

    static RowDigest digest(TableMapping table, long id, String name) {
        return RowDigest.of(table.id(), row(new Value.Whole(id), name));
    }

    private static Row row(Value id, String name) {
        return new Row(List.of(id, new Value.Text(name)));
    }
}
