package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.stream.cascade.Cascades;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchCutterTest {

    private final Lane lane = new Lane("shop", 1);
    private long offset;

    @Test
    void endsOnlyWhereASourceTransactionEnds() {
        // given
        lane.begin();
        for (int id = 1; id <= 3; id++) lane.insert(Lane.row(id, "m" + id, 0));
        lane.commit();
        BatchCutter cutter = cutter(2, 1000);
        List<Boolean> mayEnd = new ArrayList<>();

        // when
        for (Incoming incoming : incoming()) {
            cutter.add(incoming);
            mayEnd.add(cutter.mayEnd());
        }

        // then
        assertThat(mayEnd).containsExactly(false, false, false, true);
        assertThat(cutter.mustEnd()).isTrue();
        assertThat(cutter.end().nextOffset()).isEqualTo(4);
        assertThat(cutter.mayEnd()).isFalse();
    }

    @Test
    void knowsByARowsFirstChangeWhetherItWasThereAndPutsRowsInTheOrderOfTheirKeys() {
        // given
        lane.begin();
        lane.insert(Lane.row(9, "new", 0));
        lane.update(Lane.row(9, "new", 1));
        for (long id : new long[] {10, 3, 2}) lane.update(Lane.row(id, "m" + id, 1));
        lane.delete(3);
        lane.insert(Lane.row(3, "back", 2));
        lane.insert(Lane.row(4, "gone", 0));
        lane.delete(4);
        lane.commit();

        // when
        NetChanges changes = batches(cutter(100, 100)).get(0).tables().get(0);

        // then
        assertThat(changes.upserts(NetChanges.Before.ABSENT)).containsExactly(Lane.row(9, "new", 1));
        assertThat(changes.upserts(NetChanges.Before.PRESENT))
                .containsExactly(Lane.row(2, "m2", 1), Lane.row(3, "back", 2), Lane.row(10, "m10", 1));
        assertThat(changes.upserts(NetChanges.Before.UNKNOWN)).isEmpty();
        assertThat(changes.deletes()).containsExactly(List.of(new Value.Whole(4)));
    }

    @Test
    void deletesARowThatWasReadAnewAndIsGoneWhereverItsPlaceInTheLogAndEndsNoTransactionWithIt() {
        // given
        lane.begin();
        lane.update(Lane.row(1, "one", 1));
        RowKey key = lane.members.keyOf(Lane.row(7, "seven", 0));
        lane.entries.add(new Lane.Entry(
                key, new ChangeEvent(key.table(), ChangeEvent.Operation.DELETE, null, null, Position.SNAPSHOT, null)));
        lane.update(Lane.row(2, "two", 1));
        lane.commit();

        // when
        List<Batch> batches = batches(cutter(1, 1000));

        // then
        assertThat(batches).hasSize(1);
        assertThat(batches.get(0).copiedRows()).isEqualTo(1);
        assertThat(batches.get(0).tables().get(0).deletes()).containsExactly(List.of(new Value.Whole(7)));
    }

    @Test
    void cutsInsideATransactionBeyondTheBoundAloneAndGoesOnToItsEnd() {
        // given
        lane.begin();
        for (int id = 1; id <= 25; id++) lane.insert(Lane.row(id, "m" + id, 0));
        lane.commit();

        // when
        List<Batch> batches = batches(cutter(4, 10));

        // then
        assertThat(batches).extracting(Batch::changedRows).containsExactly(10L, 10L, 5L);
        assertThat(batches.get(1).position()).isEqualTo(new Position(1, 0, 20));
    }

    @Test
    void cutsInsideATransactionWhoseFewRowsAreLarge() {
        lane.begin();
        for (int id = 1; id <= 9; id++) lane.insert(Lane.row(id, "m".repeat(30 << 10), 0));
        lane.commit();

        assertThat(batches(cutter(4, 1000))).extracting(Batch::changedRows).containsExactly(3L, 3L, 3L);
    }

    @Test
    void takesNoOlderTransactionsEndThatIsSentAgainForTheOpenOnes() {
        // given: the connector dies within the second transaction and sends both again
        lane.begin();
        lane.insert(Lane.row(1, "one", 0));
        lane.commit();
        List<Lane.Entry> first = List.copyOf(lane.entries);
        lane.begin();
        for (int id = 2; id <= 5; id++) lane.insert(Lane.row(id, "m" + id, 0));
        lane.commit();
        List<Lane.Entry> second = List.copyOf(lane.entries.subList(first.size(), lane.entries.size()));
        lane.entries.subList(first.size() + 2, lane.entries.size()).clear();
        lane.entries.addAll(first);
        lane.entries.addAll(second);
        BatchCutter cutter = cutter(1, 1000);

        // when
        List<Batch> batches = batches(cutter);

        // then
        assertThat(batches).extracting(Batch::changedRows).containsExactly(1L, 4L);
    }

    @Test
    void endsAtEveryBarrierAndCarriesNoForeignOne() {
        // given
        lane.transact(3);
        lane.barrier(100);
        lane.transact(3);
        lane.begin();
        lane.barrier(Barrier.Direction.REVERSE, 150);
        lane.commit();
        lane.transact(3);
        lane.barrier(200);
        lane.barrier(300);

        // when
        List<Batch> batches = batches(cutter(1000, 1000));

        // then
        assertThat(batches).extracting(Batch::barrier).containsExactly(barrier(100), barrier(200), barrier(300));
        assertThat(batches.get(2).tables()).isEmpty();
    }

    @Test
    void bringsOverNothingButBarriersWhereItOnlyTriesTheWay() {
        // given
        lane.copy(3);
        lane.transact(3);
        lane.trial(100);
        lane.transact(4);
        lane.trial(200);
        BatchCutter rehearsing = new BatchCutter(
                new Destinations(List.of(), true, Set.of(), Side.SOURCE),
                Cascades.NONE,
                Barrier.Direction.FORWARD,
                0,
                new BatchCutter.Bounds(1000, 1000, 1000, Long.MAX_VALUE, Long.MAX_VALUE),
                Position.SNAPSHOT);

        // when
        List<Batch> batches = batches(rehearsing);

        // then
        assertThat(batches)
                .extracting(Batch::barrier)
                .containsExactly(
                        new Barrier(Barrier.Direction.FORWARD, true, 0, 100),
                        new Barrier(Barrier.Direction.FORWARD, true, 0, 200));
        assertThat(batches)
                .allMatch(batch -> batch.tables().isEmpty() && batch.copies().isEmpty());
    }

    @Test
    void keepsCopiedRowsAsideUntilAChangeComes() {
        // given
        lane.copy(3);
        lane.begin();
        lane.update(Lane.row(2, "changed", 1));
        lane.commit();
        lane.copy(1); // a table copied again, behind changes

        // when
        Batch batch = batches(cutter(1000, 1000)).get(0);

        // then
        assertThat(batch.copies())
                .singleElement()
                .satisfies(copied -> assertThat(copied).hasSize(3));
        assertThat(batch.tables())
                .singleElement()
                .satisfies(changes -> assertThat(changes.upserts()).hasSize(2));
        assertThat(batch.copiedRows()).isEqualTo(4);
    }

    @Test
    void endsBeforeABatchFillsMemory() {
        lane.copy(100);
        BatchCutter.Bounds bounds = new BatchCutter.Bounds(1000, 1000, 1000, 700, 700);

        List<Batch> batches = batches(new BatchCutter(
                new Destinations(List.of(lane.members), false, Set.of(), Side.SOURCE),
                Cascades.NONE,
                Barrier.Direction.FORWARD,
                0,
                bounds,
                Position.SNAPSHOT));

        assertThat(batches)
                .hasSizeGreaterThan(5)
                .allSatisfy(batch -> assertThat(batch.bytes()).isLessThan(800));
    }

    @Test
    void endsAnywhereAmongCopiedRows() {
        lane.copy(7);

        List<Batch> batches = batches(cutter(3, 1000));

        assertThat(batches).extracting(Batch::copiedRows).containsExactly(3L, 3L, 1L);
        assertThat(batches).extracting(Batch::position).containsOnly(Position.SNAPSHOT);
    }

    @Test
    void leavesOutWhatWasAppliedBeforeButNeverCopiedRows() {
        // given
        lane.copy(2);
        lane.transact(1);
        lane.transact(1);
        BatchCutter cutter = cutter(1000, 1000, new Position(1, Long.MAX_VALUE, 0));

        // when
        List<Batch> batches = batches(cutter);

        // then
        long ofSecond = lane.entries.stream()
                .filter(e -> e.change().position().major() == 2 && e.change().operation() != Operation.COMMIT)
                .count();
        assertThat(batches).extracting(Batch::copiedRows).containsExactly(2L);
        assertThat(batches).extracting(Batch::changedRows).containsExactly(ofSecond);
    }

    @Test
    void refusesAChangeOfATableThatItDoesNotKnow() {
        lane.copy(1);
        BatchCutter cutter = new BatchCutter(
                new Destinations(List.of(), false, Set.of(), Side.SOURCE),
                Cascades.NONE,
                Barrier.Direction.FORWARD,
                0,
                new BatchCutter.Bounds(1, 1, 1, 1000, 1000),
                Position.SNAPSHOT);

        assertThatThrownBy(() -> incoming().forEach(cutter::add))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("src.members");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void netChangesLeaveTheStateThatEveryChangeByItselfLeaves(long seed) {
        // given
        Lane random = new Lane("shop", seed);
        random.copy(20);
        for (int i = 1; i <= 200; i++) {
            random.transact(6);
            if (i % 7 == 0) random.barrier(i);
            if (i % 11 == 0) random.repeat(9);
        }
        lane.entries.addAll(random.entries);

        // when
        Map<Value, Row> table = new HashMap<>();
        for (Batch batch : batches(cutter(30, 1000))) {
            apply(batch, table);

            // then
            assertThat(table.values())
                    .containsExactlyInAnyOrderElementsOf(
                            random.states.get(batch.position().major()).values());
        }
        assertThat(table).isNotEmpty();
    }

    private static void apply(Batch batch, Map<Value, Row> table) {
        for (CopiedRows copied : batch.copies()) copied.forEach(row -> table.put(row.get(0), row));
        for (NetChanges changes : batch.tables()) {
            changes.deletes().forEach(key -> table.remove(key.get(0)));
            changes.upserts().forEach(row -> table.put(row.get(0), row));
        }
    }

    private static Barrier barrier(long micros) {
        return new Barrier(Barrier.Direction.FORWARD, 0, micros);
    }

    private List<Incoming> incoming() {
        return lane.entries.stream()
                .map(e -> Incoming.of(offset++, 0, Messages.encode(e.key()), Messages.encode(e.change())))
                .toList();
    }

    private List<Batch> batches(BatchCutter cutter) {
        List<Batch> batches = new ArrayList<>();
        for (Incoming incoming : incoming()) {
            cutter.add(incoming);
            if (cutter.mustEnd()) batches.add(cutter.end());
        }
        if (cutter.mayEnd()) batches.add(cutter.end());
        return batches;
    }

    private BatchCutter cutter(int rows, int transaction) {
        return cutter(rows, transaction, Position.SNAPSHOT);
    }

    private BatchCutter cutter(int rows, int transaction, Position applied) {
        return new BatchCutter(
                new Destinations(List.of(lane.members), false, Set.of(), Side.SOURCE),
                Cascades.NONE,
                Barrier.Direction.FORWARD,
                0,
                new BatchCutter.Bounds(rows, transaction, rows, 1 << 20, 64 << 10),
                applied);
    }
}
