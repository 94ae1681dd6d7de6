package dev.lockstep.cutover.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.schemas.avro.CutoverEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PhaseOwnerTest {

    private final SimulatedWorld world = new SimulatedWorld();

    @Test
    void beginsPreparedAndJournalsIt() {
        Prepared prepared = new Prepared(world.now);

        PhaseOwner owner = open();

        assertThat(owner.current()).isEqualTo(prepared);
        assertThat(world.journaled).extracting(CutoverEvent::getPhase).containsExactly("PREPARED");
    }

    @Test
    void restoresPhaseAndHistoryWithReasons() {
        Controller before = Controller.ready(world);
        before.conductor.run();

        PhaseOwner after = open();

        assertThat(after.current()).isInstanceOf(Open.class);
        assertThat(after.history()).isEqualTo(before.owner.history());
        assertThat(after.history())
                .extracting(entry -> entry.phase().name().name())
                .containsExactly(
                        "PREPARED", "COPYING", "FOLLOWING", "READY", "FENCED", "DRAINED", "FLIPPED", "FLIPPED", "OPEN");
    }

    @Test
    void refusesAnIllegalTransitionAndNamesBoth() {
        PhaseOwner owner = open();

        assertThatThrownBy(() -> owner.enter(owner.current(), new Ready(world.now, Duration.ZERO), "jump"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cannot go from PREPARED to READY");
        assertThat(world.journaled).hasSize(1);
    }

    @Test
    void refusesATransitionFromAPhaseThatIsNotCurrentAnyMore() {
        PhaseOwner owner = Controller.ready(world).owner;
        Ready ready = (Ready) owner.current();
        owner.enter(ready, ready.fenced(world.now), "cutover begins");

        // Both FENCED and READY may go to FOLLOWING, but who decided on READY did not mean this.
        assertThatThrownBy(() -> owner.enter(ready, ready.abort(world.now), "a gate has closed"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot go from READY to FOLLOWING: the phase is FENCED");
        assertThat(owner.current()).isInstanceOf(Fenced.class);
    }

    @Test
    void staysWhereItIsWhenTheJournalDoesNotTakeIt() {
        PhaseOwner owner = Controller.ready(world).owner;
        Ready ready = (Ready) owner.current();
        List<Transition> published = new ArrayList<>();
        owner.onTransition(published::add);
        world.faults.put(1, Fault.FAILS);

        assertThatThrownBy(() -> owner.enter(ready, ready.fenced(world.now), "cutover begins"))
                .isInstanceOf(JournalException.class);

        assertThat(owner.current()).isEqualTo(ready);
        assertThat(published).isEmpty();
    }

    @Test
    void publishesOnlyWhatIsJournaledAndOutlivesAFailingListener() {
        PhaseOwner owner = open();
        List<Integer> journaledWhenTold = new ArrayList<>();
        owner.onTransition(transition -> {
            throw new IllegalStateException("listener fails");
        });
        owner.onTransition(transition -> journaledWhenTold.add(world.journaled.size()));

        owner.enter(owner.current(), new Prepared(world.now).copying(world.now), "start");

        assertThat(journaledWhenTold).containsExactly(2);
        assertThat(owner.current()).isInstanceOf(Copying.class);
    }

    @Test
    void refusesAJournalThatTellsOfAnIllegalTransitionOrAnotherMigration() {
        open();
        world.journaled.add(new CutoverEvent("shop", "FENCED", 1L, "", Map.of()));
        assertThatThrownBy(this::open).isInstanceOf(JournalException.class).hasMessageContaining("FENCED");

        world.journaled.clear();
        world.journaled.add(new CutoverEvent("other", "PREPARED", 1L, "", Map.of()));
        assertThatThrownBy(this::open).isInstanceOf(JournalException.class).hasMessageContaining("other");
    }

    private PhaseOwner open() {
        return PhaseOwner.open(world.openJournal(), "shop", world);
    }
}
