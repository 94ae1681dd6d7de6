package dev.lockstep.cutover.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Side;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ConductorTest {

    private final SimulatedWorld world = new SimulatedWorld();
    private final Controller controller = Controller.ready(world);

    @Test
    void movesTheTrafficInTheRunbooksOrder() {
        Phase end = controller.conductor.run();

        assertThat(world.acts)
                .containsExactly(
                        "target.stop",
                        "source.settle",
                        "clearance",
                        "journal FENCED",
                        "source.stop",
                        "barrier",
                        "proof",
                        "proof",
                        "proof",
                        "mark",
                        "sequences",
                        "barrier",
                        "proof",
                        "proof",
                        "proof",
                        "journal DRAINED",
                        "source.probe",
                        "flip",
                        "journal FLIPPED",
                        "target.open",
                        "halt",
                        "journal FLIPPED",
                        "source.probe",
                        "target.allow",
                        "carry REVERSE",
                        "journal OPEN");
        assertThat(end).isInstanceOf(Open.class);
        assertThat(((Open) end).moved().dns()).isEqualTo(SimulatedWorld.DNS);
        assertThat(((Open) end).moved().proof().tables()).isEqualTo(2);
    }

    @Test
    void measuresTheWritePauseAndTellsItInTheHistory() {
        Open open = (Open) controller.conductor.run();

        // 22 acts of 1 ms from the fence's journaling to the open target, and four rests of 5 ms.
        assertThat(open.moved().writePause()).isEqualTo(Duration.ofMillis(42));
        assertThat(controller.lastReason()).isEqualTo("writes stood still for 42 ms");
    }

    @Test
    void abortsBeforeTheFlipAndNamesTheTableThatDiffersAtTheLastBarrier() {
        world.differs = true;

        Phase end = controller.conductor.run();

        assertThat(end).isInstanceOf(Following.class);
        assertThat(controller.lastReason()).contains("table shop.orders differs at barrier");
        assertThat(world.flipsSent).isZero();
        assertThat(world.sourceWritable()).isTrue();
        assertThat(world.targetWritable()).isFalse();
    }

    @Test
    void abortsByItselfWhenTheWritePausesBudgetIsSpentBeforeTheFlip() {
        world.stalled = true;

        Phase end = controller.conductor.run();

        assertThat(end).isInstanceOf(Following.class);
        assertThat(controller.lastReason())
                .startsWith("not proven in time: at barrier")
                .endsWith("no verdict on shop.items, shop.orders yet");
        assertThat(world.sourceWritable()).isTrue();
        Duration pause = Duration.between(
                controller.owner.history().get(4).at(),
                controller.owner.current().at());
        assertThat(pause).isBetween(Duration.ofSeconds(10), Duration.ofMillis(10_050));
    }

    @Test
    void doesNotFlipWhenAStepBeforeHasSpentTheBudget() {
        world.faults.put(15, Fault.SLOW); // the last look at the proof

        assertThat(controller.conductor.run()).isInstanceOf(Following.class);

        assertThat(controller.lastReason()).isEqualTo("the write pause's budget of 10 s is spent");
        assertThat(world.flipsSent).isZero();
        assertThat(world.sourceWritable()).isTrue();
    }

    @Test
    void goesForwardWhenTheFlipItselfSpendsTheBudget() {
        world.faults.put(19, Fault.SLOW); // journal FLIPPED

        assertThat(controller.conductor.run()).isInstanceOf(Open.class);
    }

    @Test
    void doesNotFlipWhenTheFenceHasFallen() {
        world.faults.put(16, Fault.FENCE_FALLS); // journal DRAINED

        assertThat(controller.conductor.run()).isInstanceOf(Following.class);

        assertThat(controller.lastReason()).isEqualTo("the source's fence has fallen");
        assertThat(world.flipsSent).isZero();
    }

    @Test
    void doesNotFlipWhenSomebodyHasWrittenThroughTheFenceSinceTheLastBarrier() {
        world.faults.put(11, Fault.BREACH); // sequences

        assertThat(controller.conductor.run()).isInstanceOf(Following.class);

        assertThat(controller.lastReason())
                .startsWith("breach: somebody wrote through the source's fence, to shop.items, shop.orders;");
        assertThat(world.flipsSent).isZero();
        assertThat(world.sourceWritable()).isTrue();
    }

    @Test
    void drainsOnceMoreWhenTheFenceFallsAfterTheFlip() {
        world.faults.put(19, Fault.FENCE_FALLS); // journal FLIPPED

        Open open = (Open) controller.conductor.run();

        assertThat(world.acts.stream().filter("barrier"::equals)).hasSize(4);
        assertThat(controller.owner.history())
                .extracting(Transition::reason)
                .contains("drained once more: the source's fence may have had a gap");
        Flipped first = (Flipped) controller.owner.history().get(6).phase();
        assertThat(open.moved().proof().barrierMicros())
                .isGreaterThan(first.proof().barrierMicros());
    }

    @Test
    void abortsWhenTheFlipIsRefused() {
        world.flipRefused = true;

        assertThat(controller.conductor.run()).isInstanceOf(Following.class);

        assertThat(controller.lastReason()).isEqualTo("refused");
        assertThat(world.sourceWritable()).isTrue();
    }

    @Test
    void readsUntilALostFlipIsSettledAndGoesForwardIfItHasTakenEffect() {
        world.faults.put(18, Fault.FLIP_COMES_LATE);

        assertThat(controller.conductor.run()).isInstanceOf(Open.class);

        assertThat(world.acts.stream().filter("look"::equals)).hasSize(3);
        assertThat(world.flipsSent).isEqualTo(1);
    }

    @Test
    void givesWritesBackOnlyOnceALostFlipIsKnownNotToHaveTakenEffect() {
        world.faults.put(18, Fault.FLIP_IS_LOST);

        assertThat(controller.conductor.run()).isInstanceOf(Following.class);

        assertThat(world.acts.indexOf("source.allow")).isGreaterThan(world.acts.lastIndexOf("look"));
    }

    @Test
    void keepsTheSourceFencedWhileNobodyKnowsHowTheFlipEnded() {
        world.faults.put(18, Fault.FAILS_AFTER_ITS_EFFECT);
        for (int act = 20; act < 1000; act += 2) world.faults.put(act, Fault.FAILS); // no look succeeds

        assertThatThrownBy(controller.conductor::run)
                .isInstanceOf(UnfinishedException.class)
                .hasMessageContaining("cannot settle whether DNS has flipped: look fails");
        assertThat(controller.owner.current()).isInstanceOf(Drained.class);
        assertThat(world.sourceWritable()).isFalse();

        world.faults.clear();
        assertThat(controller.conductor.resume()).isInstanceOf(Open.class);
        assertThat(world.flipsSent).isEqualTo(1);
    }

    @Test
    void triesToOpenTheTargetForAsLongAsThereIsPatience() {
        for (int act = 20; act < 220; act += 2) world.faults.put(act, Fault.FAILS); // the journal is asked in between

        assertThat(controller.conductor.run()).isInstanceOf(Open.class);

        assertThat(world.acts.stream().filter("target.open"::equals)).hasSize(101);
        assertThat(world.flipsSent).isEqualTo(1);
    }

    @Test
    void asksTheJournalBeforeItTriesAgainAndLeavesTheWorldToWhoeverHasTakenOver() {
        world.faults.put(20, Fault.FAILS); // target.open
        world.faults.put(21, Fault.TAKEN_OVER);

        assertThatThrownBy(controller.conductor::run).isInstanceOf(FencedOffException.class);

        assertThat(world.acts).endsWith("target.open", "journal.confirm");
    }

    @Test
    void opensTheTargetAllTheWayAfterACrashInTheMiddleOfIt() {
        world.faults.put(24, Fault.HALF_DONE); // target.allow
        world.faults.put(25, Fault.CRASH_BEFORE);
        assertThatThrownBy(controller.conductor::run).isInstanceOf(Fault.Crash.class);
        assertThat(world.half).containsExactly(Side.TARGET);

        assertThat(new Controller(world).conductor.resume()).isInstanceOf(Open.class);

        assertThat(world.half).isEmpty();
        assertThat(world.targetWritable()).isTrue();
        assertThat(world.acts.stream().filter("barrier"::equals))
                .as("rows were written there: nothing can be proven any more")
                .hasSize(2);
    }

    @Test
    void isGivenUpWhileItWaitsForOpenTransactionsBeforeAnyWriteStandsStill() {
        world.meanwhile.put(2, () -> controller.conductor.giveUp("me")); // source.settle

        assertThat(controller.conductor.run()).isInstanceOf(Following.class);

        assertThat(controller.lastReason()).isEqualTo("given up by me");
        assertThat(world.acts).doesNotContain("journal FENCED", "source.stop");
    }

    @Test
    void isGivenUpThoughTheClockWasSetBack() {
        world.meanwhile.put(2, () -> {
            world.now = world.now.minusSeconds(30);
            controller.conductor.giveUp("me");
        });

        assertThat(controller.conductor.run()).isInstanceOf(Following.class);
    }

    @Test
    void isGivenUpAtEveryActUntilItSaysThatItIsTooLate() {
        Set<String> inTime = new TreeSet<>();
        Set<String> tooLate = new TreeSet<>();
        controller.conductor.run();
        for (int act = 1; act <= world.acts.size(); act++) {
            SimulatedWorld another = new SimulatedWorld();
            Conductor conductor = Controller.ready(another).conductor;
            AtomicBoolean said = new AtomicBoolean();
            another.meanwhile.put(act, () -> said.set(conductor.giveUp("me")));

            Phase end = conductor.run();

            String during = world.acts.get(act - 1);
            (said.get() ? inTime : tooLate).add(during);
            assertThat(end).as(during).isInstanceOf(said.get() ? Following.class : Open.class);
        }
        assertThat(inTime).contains("source.settle", "journal FENCED", "source.stop", "sequences");
        assertThat(tooLate).contains("journal DRAINED", "flip", "target.open", "journal OPEN");
    }

    @Test
    void doesNotBeginWithAGateThatHasClosedWhileItWaited() {
        world.faults.put(2, Fault.GATE_CLOSES); // source.settle

        assertThat(controller.conductor.run()).isInstanceOf(Following.class);

        assertThat(controller.lastReason()).isEqualTo("a gate is closed");
        assertThat(world.acts).doesNotContain("journal FENCED", "source.stop");
    }

    @Test
    void doesNotTakeARequestToGiveUpOneMoveForTheNext() {
        controller.conductor.run();
        controller.conductor.giveUp("me");
        world.rest(Duration.ofMillis(1));
        back();

        assertThat(controller.conductor.rollBack("asked for by me")).isInstanceOf(RolledBack.class);
    }

    @Test
    void tellsThatTheFenceCannotBeLoweredAndLowersItOnResume() {
        world.differs = true;
        for (int act = 11; act < 1000; act += 2)
            world.faults.put(act, Fault.FAILS); // source.allow, for ever; the journal is asked in between

        assertThatThrownBy(controller.conductor::run)
                .isInstanceOf(UnfinishedException.class)
                .hasMessageContaining("cannot lower the source's fence: source.allow fails");
        assertThat(world.sourceWritable()).isFalse();

        world.faults.clear();
        assertThat(controller.conductor.resume()).isInstanceOf(Following.class);
        assertThat(world.sourceWritable()).isTrue();
    }

    @Test
    void givesWritesBackEvenWhenTheJournalIsAway() {
        world.faults.put(16, Fault.FAILS); // journal DRAINED

        assertThatThrownBy(controller.conductor::run).isInstanceOf(JournalException.class);

        assertThat(world.sourceWritable()).isTrue();
        assertThat(new Controller(world).conductor.resume()).isInstanceOf(Following.class);
    }

    @Test
    void givesWritesBackEvenWhenTheJournalGoesAwayWhileThatIsTriedAgain() {
        world.differs = true;
        world.faults.put(11, Fault.FAILS); // source.allow
        world.faults.put(12, Fault.FAILS); // journal.confirm

        assertThatThrownBy(controller.conductor::run).isInstanceOf(JournalException.class);

        assertThat(world.sourceWritable()).isTrue();
    }

    @Test
    void undoesNothingWhenAnotherControllerHasTakenOver() {
        world.faults.put(16, Fault.TAKEN_OVER); // journal DRAINED

        assertThatThrownBy(controller.conductor::run)
                .isInstanceOf(FencedOffException.class)
                .hasMessageContaining("another controller has taken over");

        assertThat(world.acts).endsWith("journal DRAINED").doesNotContain("source.allow", "flip");
    }

    @Test
    void voidsTheHoldWhenStartedAgainInReady() {
        Controller next = new Controller(world);

        assertThat(next.conductor.resume()).isEqualTo(new Following(world.now.minusMillis(2), false));
        assertThat(world.acts).containsExactly("carry FORWARD", "journal FOLLOWING", "carry FORWARD");
    }

    @Test
    void leavesAloneWhatIsNotUnderWay() {
        controller.conductor.run();
        world.acts.clear();

        assertThat(new Controller(world).conductor.resume()).isInstanceOf(Open.class);
        assertThat(world.acts).containsExactly("carry REVERSE");
    }

    @Test
    void beginsOnlyWhenReady() {
        controller.conductor.run();

        assertThatThrownBy(controller.conductor::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a cutover begins in phase READY, not OPEN");
    }

    @Test
    void movesTheTrafficBackByTheSameRunbookAndLeavesTheTargetFenced() {
        Moved there = ((Open) controller.conductor.run()).moved();
        back();

        Phase end = controller.conductor.rollBack("asked for by me");

        assertThat(world.acts)
                .containsExactly(
                        "clearance",
                        "journal FENCED",
                        "source.stop",
                        "target.stop",
                        "barrier",
                        "proof",
                        "proof",
                        "proof",
                        "mark",
                        "sequences",
                        "barrier",
                        "proof",
                        "proof",
                        "proof",
                        "journal DRAINED",
                        "target.probe",
                        "flip",
                        "journal FLIPPED",
                        "source.open",
                        "halt",
                        "journal FLIPPED",
                        "target.probe",
                        "source.allow",
                        "carry FORWARD",
                        "journal ROLLED_BACK");
        assertThat(((RolledBack) end).back().proof().barrierMicros())
                .isGreaterThan(there.proof().barrierMicros());
        assertThat(world.sourceWritable()).isTrue();
        assertThat(world.targetWritable()).isFalse();
        world.settle(Direction.FORWARD);
    }

    @Test
    void doesNotStopTheTargetForAWayBackThatCannotBegin() {
        controller.conductor.run();
        back();
        world.faults.put(1, Fault.GATE_CLOSES);

        assertThatThrownBy(() -> controller.conductor.rollBack("asked for by me"))
                .isInstanceOf(NotClearedException.class);

        assertThat(world.acts).containsExactly("clearance");
        assertThat(controller.owner.current()).isInstanceOf(Open.class);
    }

    @Test
    void givesWritesBackToTheTargetWhenTheWayBackIsNotProven() {
        controller.conductor.run();
        back();
        world.differs = true;

        Phase end = controller.conductor.rollBack("asked for by me");

        assertThat(end).isInstanceOf(Soaking.class);
        assertThat(controller.lastReason()).contains("table shop.orders differs at barrier");
        assertThat(world.targetWritable()).isTrue();
        assertThat(world.sourceWritable()).isFalse();
        assertThat(world.flipsSent).isEqualTo(1);
        world.settle(Direction.REVERSE);
    }

    @Test
    void takesTheTrafficBackOnlyFromWhereItHasMovedTo() {
        assertThatThrownBy(() -> controller.conductor.rollBack("asked for by me"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a rollback begins in phase OPEN or SOAKING, not READY");
    }

    private void back() {
        world.acts.clear();
        world.moving = Direction.REVERSE;
    }
}
