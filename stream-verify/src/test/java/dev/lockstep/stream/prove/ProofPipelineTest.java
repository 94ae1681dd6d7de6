package dev.lockstep.stream.prove;

import static dev.lockstep.stream.prove.Shop.ITEMS;
import static dev.lockstep.stream.prove.Shop.ORDERS;
import static dev.lockstep.stream.prove.Shop.barrier;
import static dev.lockstep.stream.prove.Shop.commit;
import static dev.lockstep.stream.prove.Shop.delete;
import static dev.lockstep.stream.prove.Shop.event;
import static dev.lockstep.stream.prove.Shop.insert;
import static dev.lockstep.stream.prove.Shop.read;
import static dev.lockstep.stream.prove.Shop.trial;
import static dev.lockstep.stream.prove.Shop.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.lockstep.schemas.avro.Mismatch;
import dev.lockstep.schemas.avro.MismatchKind;
import dev.lockstep.schemas.avro.Stage;
import dev.lockstep.schemas.avro.StageReport;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.TableMapping;
import java.math.BigDecimal;
import java.util.List;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;

final class ProofPipelineTest {

    @Test
    void givesEqualSumsToEqualRowsInWhateverOrderTheyCame() throws Exception {
        try (ProofPipeline proof = ProofPipeline.of(1, ITEMS)) {
            proof.source(read(ITEMS, 1, "a"), read(ITEMS, 2, "b"), commit(), barrier(0, 10));
            proof.target(read(ITEMS, 2, "b"), read(ITEMS, 1, "a"), barrier(0, 10));

            RowDigest sum = Shop.digest(ITEMS, 1, "a").plus(Shop.digest(ITEMS, 2, "b"));
            TableVerdict verdict = only(proof.verdicts());
            assertThat(verdict.getRowsSource()).isEqualTo(2);
            assertThat(verdict.getRowsTarget()).isEqualTo(2);
            assertThat(verdict.getDigestSource().bytes()).isEqualTo(sum.toBytes());
            assertThat(verdict.getDigestTarget().bytes()).isEqualTo(sum.toBytes());
            assertThat(verdict.getMismatches()).isZero();
            assertThat(proof.mismatches()).isEmpty();
        }
    }

    @Test
    void namesTheRowThatDiffersAtTheBarrier() throws Exception {
        try (ProofPipeline proof = ProofPipeline.of(1, ITEMS)) {
            proof.source(insert(ITEMS, 7, "a"), barrier(0, 10));
            proof.target(insert(ITEMS, 7, "x"), barrier(0, 10));

            Mismatch mismatch = only(List.copyOf(proof.mismatches().values()));
            assertThat(mismatch.getTable()).isEqualTo("shop.items");
            assertThat(mismatch.getKey()).isEqualTo("(7)");
            assertThat(mismatch.getKind()).isEqualTo(MismatchKind.DIFFERS);
            assertThat(mismatch.getDigestSource().array())
                    .isEqualTo(Shop.digest(ITEMS, 7, "a").toBytes());
            assertThat(mismatch.getDigestTarget().array())
                    .isEqualTo(Shop.digest(ITEMS, 7, "x").toBytes());
            assertThat(mismatch.getFirstSeenMicros()).isEqualTo(10);
            TableVerdict verdict = only(proof.verdicts());
            assertThat(verdict.getMismatches()).isEqualTo(1);
            assertThat(verdict.getDigestSource()).isNotEqualTo(verdict.getDigestTarget());
        }
    }

    @Test
    void namesMissingAndUnexpectedRows() throws Exception {
        try (ProofPipeline proof = ProofPipeline.of(1, ITEMS)) {
            proof.source(insert(ITEMS, 1, "a"), barrier(0, 10));
            proof.target(insert(ITEMS, 2, "b"), barrier(0, 10));

            assertThat(proof.mismatches().values())
                    .extracting(Mismatch::getKey, Mismatch::getKind)
                    .containsExactlyInAnyOrder(
                            tuple("(1)", MismatchKind.MISSING), tuple("(2)", MismatchKind.UNEXPECTED));
        }
    }

    @Test
    void noticesThatSomebodyWroteToTheTarget() throws Exception {
        try (ProofPipeline proof = ProofPipeline.of(1, ITEMS)) {
            proof.source(insert(ITEMS, 1, "a"), barrier(0, 10), barrier(0, 20));
            proof.target(insert(ITEMS, 1, "a"), barrier(0, 10), update(ITEMS, 1, "corrupt"));
            assertThat(proof.mismatches()).isEmpty();

            proof.target(barrier(0, 20));

            assertThat(only(List.copyOf(proof.mismatches().values())).getFirstSeenMicros())
                    .isEqualTo(20);
            assertThat(mismatchesAt(proof)).containsExactly(tuple(10L, 0L), tuple(20L, 1L));
        }
    }

    @Test
    void healsAMismatchWithATombstoneUnderTheKeyThatOpenedIt() throws Exception {
        try (ProofPipeline proof = ProofPipeline.of(1, ITEMS)) {
            Value decimalKey = new Value.Exact(new BigDecimal("7.0"));
            proof.source(barrier(0, 10));
            proof.target(event(ITEMS, Operation.INSERT, decimalKey, "x"), barrier(0, 10));
            proof.source(insert(ITEMS, 7, "a"), barrier(0, 20), barrier(0, 30));
            proof.target(barrier(0, 20));
            assertThat(only(List.copyOf(proof.mismatches().values())))
                    .extracting(Mismatch::getKind, Mismatch::getFirstSeenMicros, Mismatch::getBarrierMicros)
                    .containsExactly(MismatchKind.DIFFERS, 10L, 20L);

            proof.target(event(ITEMS, Operation.UPDATE, new Value.Whole(7), "gone"), delete(ITEMS, 7), barrier(0, 30));
            proof.source(delete(ITEMS, 7), barrier(0, 40));
            proof.target(barrier(0, 40));

            assertThat(proof.mismatches()).isEmpty();
            assertThat(proof.values(Shop.TOPICS.mismatches())).last().isNull();
            assertThat(mismatchesAt(proof))
                    .containsExactly(tuple(10L, 1L), tuple(20L, 1L), tuple(30L, 1L), tuple(40L, 0L));
            assertThat(proof.stateEntries()).isZero();
        }
    }

    @Test
    void staysQuietAboutARowThatChangesManyTimesBetweenBarriers() throws Exception {
        try (ProofPipeline proof = ProofPipeline.of(1, ITEMS)) {
            proof.source(insert(ITEMS, 1, "a"), update(ITEMS, 1, "b"), delete(ITEMS, 1), insert(ITEMS, 1, "c"));
            proof.source(barrier(0, 10), update(ITEMS, 1, "d"), update(ITEMS, 1, "e"), barrier(0, 20));
            proof.target(insert(ITEMS, 1, "c"), barrier(0, 10), update(ITEMS, 1, "e"), barrier(0, 20));

            assertThat(proof.values(Shop.TOPICS.mismatches())).isEmpty();
            assertThat(proof.verdicts())
                    .allSatisfy(verdict -> assertThat(verdict.getDigestSource()).isEqualTo(verdict.getDigestTarget()))
                    .hasSize(2);
            assertThat(proof.pendingTimers()).isZero();
        }
    }

    @Test
    void judgesTheSourceAsOfTheTargetsBarrierHoweverFarAheadItIs() throws Exception {
        try (ProofPipeline proof = ProofPipeline.of(1, ITEMS)) {
            for (int i = 1; i <= 50; i++) proof.source(update(ITEMS, 1, "v" + i), barrier(0, i * 10L));
            assertThat(proof.messages()).isEmpty();

            for (int i = 1; i <= 50; i++) proof.target(update(ITEMS, 1, "v" + i), barrier(0, i * 10L));

            assertThat(proof.verdicts()).hasSize(50);
            assertThat(proof.values(Shop.TOPICS.mismatches())).isEmpty();
        }
    }

    @Test
    void judgesNothingBeforeTheTargetsFirstBarrierThoughTheSourceIsReadLate() throws Exception {
        try (ProofPipeline proof = ProofPipeline.of(1, ITEMS)) {
            // given a target whose capture began when the source stood between barriers 30 and 40
            proof.target(read(ITEMS, 1, "v3"), update(ITEMS, 1, "v4"), barrier(0, 40));

            // when the source's topic is read from its beginning only now
            for (int i = 1; i <= 4; i++) proof.source(update(ITEMS, 1, "v" + i), barrier(0, i * 10L));

            // then the barriers that the target never showed are no ground for a verdict
            assertThat(proof.values(Shop.TOPICS.mismatches())).isEmpty();
            assertThat(mismatchesAt(proof)).containsExactly(tuple(40L, 0L));
        }
    }

    @Test
    void passesOverABarrierThatOneSideDoesNotShow() throws Exception {
        try (ProofPipeline proof = ProofPipeline.of(1, ITEMS)) {
            proof.source(insert(ITEMS, 1, "a"), barrier(0, 10), update(ITEMS, 1, "b"), barrier(0, 20));
            proof.target(insert(ITEMS, 1, "b"), barrier(0, 20));

            assertThat(mismatchesAt(proof)).containsExactly(tuple(20L, 0L));
            assertThat(proof.values(Shop.TOPICS.mismatches())).isEmpty();
        }
    }

    @Test
    void waitsForTheBarrierInEveryLane() throws Exception {
        TableMapping orders = Shop.table("orders", 1);
        try (ProofPipeline proof = ProofPipeline.of(2, ITEMS, orders)) {
            for (Side side : Side.values()) proof.feed(side, 0, insert(ITEMS, 1, "a"));
            for (Side side : Side.values()) proof.feed(side, 0, barrier(0, 10));
            proof.feed(Side.SOURCE, 1, insert(orders, 1, "o"));
            proof.feed(Side.SOURCE, 1, barrier(1, 10));
            assertThat(proof.messages()).isEmpty();

            proof.feed(Side.TARGET, 1, barrier(0, 10)); // the other lane's: no barrier here
            assertThat(proof.messages()).isEmpty();
            proof.feed(Side.TARGET, 1, barrier(1, 10));

            assertThat(proof.verdicts())
                    .extracting(TableVerdict::getTable, TableVerdict::getMismatches)
                    .containsExactly(tuple("shop.items", 0L), tuple("shop.orders", 1L));
            assertThat(proof.stages())
                    .extracting(StageReport::getStage, StageReport::getLane, StageReport::getBarrierMicros)
                    .containsExactly(tuple(Stage.PROVEN, 0, 10L), tuple(Stage.PROVEN, 1, 10L));
        }
    }

    @Test
    void meetsAKeyThatBothSidesKeepInDifferentTypes() throws Exception {
        try (ProofPipeline proof = ProofPipeline.of(1, ITEMS)) {
            proof.source(event(ITEMS, Operation.INSERT, new Value.Whole(100), "a"), barrier(0, 10));
            proof.target(
                    event(ITEMS, Operation.INSERT, new Value.Exact(new BigDecimal("100.00")), "a"), barrier(0, 10));

            assertThat(mismatchesAt(proof)).containsExactly(tuple(10L, 0L));
            assertThat(only(proof.verdicts()).getRowsTarget()).isEqualTo(1);
        }
    }

    @Test
    void givesAVerdictOnEveryTableAlsoOnEmptyAndIdleOnes() throws Exception {
        try (ProofPipeline proof = ProofPipeline.of(1, ITEMS, ORDERS)) {
            proof.source(insert(ITEMS, 1, "a"), barrier(0, 10), barrier(0, 20));
            proof.target(insert(ITEMS, 1, "a"), barrier(0, 10), barrier(0, 20));

            assertThat(proof.verdicts())
                    .extracting(TableVerdict::getTable, TableVerdict::getBarrierMicros, TableVerdict::getRowsSource)
                    .containsExactly(
                            tuple("shop.items", 10L, 1L),
                            tuple("shop.orders", 10L, 0L),
                            tuple("shop.items", 20L, 1L),
                            tuple("shop.orders", 20L, 0L));
        }
    }

    @Test
    void countsARowThatIsInsertedTwiceOnce() throws Exception {
        try (ProofPipeline proof = ProofPipeline.of(1, ITEMS)) {
            // given a connector that sends what lies behind its last stored offset again, the barrier too
            proof.source(insert(ITEMS, 1, "a"), barrier(0, 10), insert(ITEMS, 2, "b"));
            proof.source(insert(ITEMS, 1, "a"), barrier(0, 10), insert(ITEMS, 2, "b"), barrier(0, 20));
            proof.target(insert(ITEMS, 1, "a"), barrier(0, 10), insert(ITEMS, 2, "b"), barrier(0, 20));

            assertThat(mismatchesAt(proof)).containsExactly(tuple(10L, 0L), tuple(20L, 0L));
            assertThat(proof.verdicts().get(1).getRowsSource()).isEqualTo(2);
        }
    }

    @Test
    void goesOnThroughATurnOfTheDirectionWithoutAGap() throws Exception {
        try (ProofPipeline proof = ProofPipeline.of(1, ITEMS)) {
            proof.source(insert(ITEMS, 1, "a"), barrier(0, 10));
            proof.target(insert(ITEMS, 1, "a"), barrier(0, 10));

            proof.target(update(ITEMS, 1, "b"), barrier(Barrier.Direction.REVERSE, 0, 20));
            proof.source(update(ITEMS, 1, "b"), barrier(Barrier.Direction.REVERSE, 0, 20));
            proof.target(update(ITEMS, 1, "c"), barrier(Barrier.Direction.REVERSE, 0, 30));
            proof.source(barrier(Barrier.Direction.REVERSE, 0, 30));

            assertThat(mismatchesAt(proof)).containsExactly(tuple(10L, 0L), tuple(20L, 0L), tuple(30L, 1L));
        }
    }

    @Test
    void judgesNothingAtATrialOfTheOtherWay() throws Exception {
        try (ProofPipeline proof = ProofPipeline.of(1, ITEMS)) {
            proof.source(insert(ITEMS, 1, "a"), barrier(0, 10), update(ITEMS, 1, "b"));
            proof.target(insert(ITEMS, 1, "a"), barrier(0, 10), trial(15));

            proof.source(trial(15), barrier(0, 20));
            proof.target(update(ITEMS, 1, "b"), barrier(0, 20));

            assertThat(mismatchesAt(proof)).containsExactly(tuple(10L, 0L), tuple(20L, 0L));
        }
    }

    @Test
    void neitherLosesNorChangesAVerdictOverARestart() throws Exception {
        ProofPipeline.Saved saved;
        List<Message> unbroken;
        try (ProofPipeline proof = ProofPipeline.of(1, ITEMS)) {
            firstHalf(proof);
            saved = proof.save();
            int before = proof.messages().size();
            secondHalf(proof);
            unbroken = proof.messages().subList(before, proof.messages().size());
        }

        try (ProofPipeline proof = ProofPipeline.restored(saved, 1, ITEMS)) {
            secondHalf(proof);

            assertThat(judgements(proof.messages())).usingRecursiveComparison().isEqualTo(judgements(unbroken));
            assertThat(mismatchesAt(proof)).containsExactly(tuple(20L, 1L), tuple(30L, 0L));
            assertThat(proof.verdicts().get(1).getRowsSource()).isEqualTo(2);
        }
    }

    /** Leaves a mismatch open, changes pending, and the source a barrier ahead. */
    private static void firstHalf(ProofPipeline proof) throws Exception {
        proof.source(insert(ITEMS, 1, "a"), insert(ITEMS, 2, "b"), barrier(0, 10));
        proof.target(insert(ITEMS, 1, "a"), insert(ITEMS, 2, "x"), barrier(0, 10));
        proof.source(update(ITEMS, 1, "a2"), barrier(0, 20));
        proof.target(update(ITEMS, 1, "a2"));
    }

    private static void secondHalf(ProofPipeline proof) throws Exception {
        proof.target(barrier(0, 20), update(ITEMS, 2, "b"), barrier(0, 30));
        proof.source(barrier(0, 30));
    }

    /** All but the stage reports, which count from the restart on. */
    private static List<Message> judgements(List<Message> messages) {
        return messages.stream()
                .filter(message -> !message.topic().equals(Shop.TOPICS.stages()))
                .toList();
    }

    @Test
    void leavesOutATableThatIsNotProven() throws Exception {
        try (ProofPipeline proof = ProofPipeline.of(1, ITEMS)) {
            proof.source(insert(ORDERS, 1, "a"), barrier(0, 10));
            proof.target(barrier(0, 10));

            assertThat(only(proof.verdicts()).getTable()).isEqualTo("shop.items");
            assertThat(proof.mismatches()).isEmpty();
        }
    }

    @Test
    void refusesWhatItCannotReadAndSaysWhereItStands() throws Exception {
        try (ProofPipeline proof = ProofPipeline.of(1, ITEMS)) {
            assertThatThrownBy(() -> proof.feed(Side.SOURCE, 3, insert(ITEMS, 1, "a")))
                    .isInstanceOf(SuppressRestartsException.class)
                    .cause()
                    .hasMessageContaining("partition 3, offset 0")
                    .hasMessageContaining("1 lanes");
        }
    }

    private static List<org.assertj.core.groups.Tuple> mismatchesAt(ProofPipeline proof) {
        return proof.verdicts().stream()
                .map(verdict -> tuple(verdict.getBarrierMicros(), verdict.getMismatches()))
                .toList();
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.get(0);
    }
}
