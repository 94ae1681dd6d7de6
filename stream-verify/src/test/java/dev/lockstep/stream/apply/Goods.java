package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A table that takes less than its source has, and what capture would write of the source. */
final class Goods {

    final TableMapping table;
    final List<Lane.Entry> entries = new ArrayList<>();

    private long transaction;
    private long index;

    Goods(Endpoint target) {
        table = new TableMapping(
                new TableId("src", "goods"),
                new TableId(TargetServer.schema(target), "goods"),
                List.of(
                        column("id", Kind.NUMBER, "bigint"),
                        column("label", Kind.TEXT, "varchar(12)"),
                        column("amount", Kind.NUMBER, "integer"),
                        column("small", Kind.NUMBER, "smallint"),
                        column("note", Kind.TEXT, "varchar(40)")),
                List.of(0),
                0);
    }

    private static ColumnMapping column(String name, Kind kind, String type) {
        return new ColumnMapping(name, kind, type, name, type);
    }

    /** On a new table there. */
    static Goods create(Endpoint target) throws SQLException {
        boolean postgres = target.dialect().engine().equals("postgresql");
        TableReads.execute(
                target,
                "create table goods (id bigint primary key, label varchar(12) not null unique, amount integer,"
                        + " small smallint, note varchar(40)" + (postgres ? "" : " character set latin1") + ","
                        + " constraint cheap check (amount < 1000))");
        return new Goods(target);
    }

    /** What the target has. */
    List<Row> rows(Endpoint target) throws SQLException {
        return TargetServer.state(target, Destination.of(table, Side.SOURCE)).rows();
    }

    List<Long> ids(Endpoint target) throws SQLException {
        return rows(target).stream().map(Goods::id).toList();
    }

    static long id(Row row) {
        return row.get(0) instanceof Value.Exact exact
                ? exact.value().longValueExact()
                : ((Value.Whole) row.get(0)).value();
    }

    /** A row that the table takes. */
    static Row row(long id) {
        return row(id, Map.of());
    }

    /** The same with some columns' values otherwise. */
    static Row row(long id, Map<String, Value> other) {
        Map<String, Value> values = new TreeMap<>(Map.of(
                "label", new Value.Text("no " + id),
                "amount", new Value.Whole(1),
                "small", new Value.Whole(1),
                "note", new Value.Text("fine")));
        values.putAll(other);
        return new Row(List.of(
                new Value.Whole(id),
                values.get("label"),
                values.get("amount"),
                values.get("small"),
                values.get("note")));
    }

    /** One that the check refuses. */
    static Row tooMany(long id) {
        return row(id, Map.of("amount", new Value.Whole(1000)));
    }

    /** One with a number beyond its type. */
    static Row tooLarge(long id) {
        return row(id, Map.of("small", new Value.Whole(70_000)));
    }

    /** A source transaction. */
    void transact(Runnable changes) {
        transaction++;
        index = 0;
        changes.run();
        entries.add(
                new Lane.Entry(new RowKey("", List.of()), ChangeEvent.commit(position(), Long.toString(transaction))));
    }

    void copy(Row row) {
        entries.add(new Lane.Entry(
                table.keyOf(row), new ChangeEvent(table.id(), Operation.READ, null, row, Position.SNAPSHOT, null)));
    }

    void insert(Row row) {
        add(table.keyOf(row), Operation.INSERT, row);
    }

    void update(Row row) {
        add(table.keyOf(row), Operation.UPDATE, row);
    }

    void delete(long id) {
        entries.add(new Lane.Entry(
                new RowKey(table.id(), List.of(new Value.Whole(id))),
                new ChangeEvent(table.id(), Operation.DELETE, row(id), null, position(), Long.toString(transaction))));
    }

    void barrier(long micros) {
        transact(() -> {
            Row row = new Row(List.of(
                    new Value.Text(Barrier.Direction.FORWARD.name()), new Value.Whole(0), new Value.Whole(micros)));
            entries.add(new Lane.Entry(
                    Barrier.MAPPING.keyOf(row),
                    new ChangeEvent(
                            Barrier.MAPPING.id(),
                            Operation.UPDATE,
                            null,
                            row,
                            position(),
                            Long.toString(transaction))));
        });
    }

    private void add(RowKey key, Operation operation, Row row) {
        entries.add(new Lane.Entry(
                key, new ChangeEvent(table.id(), operation, null, row, position(), Long.toString(transaction))));
    }

    private Position position() {
        return new Position(transaction, 0, ++index);
    }
}
