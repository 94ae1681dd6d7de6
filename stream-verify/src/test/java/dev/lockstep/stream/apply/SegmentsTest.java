package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.CascadingKey;
import dev.lockstep.schemas.table.CascadingKey.Action;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.stream.cascade.Cascades;
import dev.lockstep.stream.cascade.ParentChange;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SegmentsTest {

    private static final TableMapping PARENT = table("parent");
    private static final TableMapping CHILD = table("child")
            .withCascades(List.of(new CascadingKey(
                    "fk", List.of("at"), PARENT.source(), List.of("id"), Action.CASCADE, Action.CASCADE)));
    private static final List<TableMapping> TABLES = List.of(PARENT, CHILD);

    private final Segments segments =
            new Segments(new Destinations(TABLES, false, Set.of(), Side.SOURCE), Cascades.of(TABLES));
    private long event;

    @Test
    void isOnePartWhereNothingCascades() {
        insert(PARENT, 1);
        insert(CHILD, 1);
        update(PARENT, 1);
        delete(CHILD, 1);

        List<Segment> parts = segments.end();

        assertThat(parts).hasSize(1);
        assertThat(parts.get(0).cascading()).isEmpty();
        assertThat(segments.isEmpty()).isTrue();
    }

    @Test
    void isCutWhereParentsGoAndTakesNeighboursTogether() {
        insert(CHILD, 1);
        delete(PARENT, 1);
        delete(PARENT, 2);
        insert(CHILD, 3);
        delete(PARENT, 3);
        insert(PARENT, 3);

        List<Segment> parts = segments.end();

        assertThat(parts).hasSize(3);
        assertThat(parts.get(0).cascading()).isEmpty();
        assertThat(parts.get(1).cascading()).containsExactly(gone(1), gone(2));
        assertThat(parts.get(1).tables())
                .extracting(net -> net.table().id())
                .as("what comes behind the deletes is in their part")
                .containsExactly("shop.parent", "shop.child");
        assertThat(parts.get(2).cascading()).containsExactly(gone(3));
        assertThat(parts.get(2).tables().get(0).upserts()).containsExactly(row(3));
    }

    @Test
    void takesAChangedKeyForThatAndNotForARowThatGoesAndOneThatComes() {
        segments.add(change(PARENT, Operation.DELETE, row(1), null, new Position(1, 7, 4)), key(PARENT, 1));
        assertThat(segments.isSettled()).isFalse();
        segments.add(change(PARENT, Operation.INSERT, null, row(9), new Position(1, 7, 5)), null);
        assertThat(segments.isSettled()).isTrue();
        segments.add(change(PARENT, Operation.DELETE, row(2), null, new Position(1, 8, 0)), key(PARENT, 2));
        segments.add(change(PARENT, Operation.INSERT, null, row(8), new Position(1, 9, 1)), null);

        List<Segment> parts = segments.end();

        assertThat(parts).hasSize(2);
        assertThat(parts.get(0).cascading()).containsExactly(new ParentChange("shop.parent", row(1), row(9)));
        assertThat(parts.get(1).cascading()).containsExactly(gone(2));
    }

    @Test
    void cascadesNothingOfARowThatWasReadAnew() {
        segments.addRead(change(PARENT, Operation.DELETE, null, null, Position.SNAPSHOT), key(PARENT, 1));
        segments.addRead(change(PARENT, Operation.READ, null, row(2), Position.SNAPSHOT), null);

        assertThat(segments.end())
                .singleElement()
                .satisfies(part -> assertThat(part.cascading()).isEmpty());
    }

    private void insert(TableMapping table, long id) {
        segments.add(change(table, Operation.INSERT, null, row(id), next(1)), null);
    }

    private void update(TableMapping table, long id) {
        segments.add(change(table, Operation.UPDATE, row(id), row(id), next(1)), null);
    }

    private void delete(TableMapping table, long id) {
        segments.add(change(table, Operation.DELETE, row(id), null, next(0)), key(table, id));
    }

    /** An event of its own, as statements one after the other have. */
    private Position next(int second) {
        return new Position(1, ++event, second);
    }

    private static ParentChange gone(long id) {
        return new ParentChange("shop.parent", row(id), null);
    }

    private static ChangeEvent change(
            TableMapping table, Operation operation, @Nullable Row before, @Nullable Row after, Position position) {
        return new ChangeEvent(table.id(), operation, before, after, position, "1");
    }

    private static RowKey key(TableMapping table, long id) {
        return table.keyOf(row(id));
    }

    private static Row row(long id) {
        return new Row(List.of(new Value.Whole(id), new Value.Whole(1)));
    }

    private static TableMapping table(String name) {
        TableId id = new TableId("shop", name);
        return new TableMapping(
                id,
                id,
                List.of(
                        new ColumnMapping("id", Kind.NUMBER, "int", "id", "integer"),
                        new ColumnMapping("at", Kind.NUMBER, "int", "at", "integer")),
                List.of(0),
                0);
    }
}
