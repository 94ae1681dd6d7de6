package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.cutover.phase.FencedOffException;
import dev.lockstep.cutover.phase.PhaseOwner;
import dev.lockstep.cutover.phase.Writes;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SourceGuardTest {

    private final Instant now = Instant.EPOCH;
    private final Source source = new Source();
    private final KeptJournal journal = new KeptJournal();
    private final PhaseOwner owner = PhaseOwner.open(journal, "shop", Clock.systemUTC());
    private final SourceGuard guard = new SourceGuard(source, owner);

    /** Closed at first; its server can lose the fence, or a part of it, or be away. */
    private static final class Source implements Writes {
        private boolean open;
        private boolean half;
        private boolean away;

        @Override
        public void settle(Runnable wanted) {}

        @Override
        public void stop() {
            open = half = false;
        }

        @Override
        public void allow() {
            open = true;
            half = false;
        }

        @Override
        public boolean stopped() {
            return !half && !look();
        }

        @Override
        public boolean open() {
            return !half && look();
        }

        private boolean look() {
            if (away) throw new IllegalStateException("the source is away");
            return open;
        }
    }

    @Test
    void raisesAFenceAgainThatHasFallenAndJournalsIt() {
        source.open = true;

        guard.watch(now);

        assertThat(source.open).isFalse();
        assertThat(journal.events)
                .last()
                .satisfies(event -> assertThat(event.getReason()).contains("was raised again"));
        int entries = journal.events.size();
        source.open = true;
        guard.watch(now.plusSeconds(10));
        assertThat(source.open).isFalse();
        assertThat(journal.events).as("somebody goes on and on").hasSize(entries);

        guard.watch(now.plusSeconds(20));
        source.open = true;
        guard.watch(now.plusSeconds(30));
        assertThat(journal.events).hasSize(entries + 1);
    }

    @Test
    void looksAlthoughTheClockWasSetBack() {
        guard.watch(now.plusSeconds(3_600));
        source.open = true;

        guard.watch(now);

        assertThat(source.open).isFalse();
    }

    @Test
    void raisesAFenceAgainOfWhichAPartHasFallen() {
        source.half = true;

        guard.watch(now);

        assertThat(source.half).isFalse();
        assertThat(journal.events)
                .last()
                .satisfies(event -> assertThat(event.getReason()).contains("was raised again"));
    }

    @Test
    void tellsOfASourceThatIsClosedWhileTheTrafficIsThereAndOpensItWhenAskedTo() {
        guard.watchInUse(now);
        assertThat(guard.trouble()).hasValueSatisfying(said -> assertThat(said).contains("`lockstep rollback` opens"));
        assertThat(source.open).as("opened unasked").isFalse();

        assertThat(guard.openAgain(owner.current())).isTrue();

        assertThat(source.open).isTrue();
        assertThat(guard.trouble()).isEmpty();
        assertThat(guard.openAgain(owner.current())).as("needed again").isFalse();
    }

    @Test
    void opensNothingOnceAnotherControllerIsInCharge() {
        journal.takenOver = true;

        assertThatThrownBy(() -> guard.openAgain(owner.current())).isInstanceOf(FencedOffException.class);

        assertThat(source.open).isFalse();
    }

    @Test
    void looksNowAndThenAndOutlastsASourceThatIsAway() {
        source.away = true;
        guard.watch(now);
        assertThat(guard.trouble()).hasValueSatisfying(said -> assertThat(said).contains("the source is away"));

        source.away = false;
        source.open = true;
        guard.watch(now.plusSeconds(1));
        assertThat(source.open).as("looked at again so soon").isTrue();
        guard.watch(now.plusSeconds(4));

        assertThat(source.open).isFalse();
        assertThat(guard.trouble()).isEmpty();
    }

    @Test
    void closesNothingOnceAnotherControllerIsInCharge() {
        source.open = true;
        journal.takenOver = true;

        assertThatThrownBy(() -> guard.watch(now)).isInstanceOf(FencedOffException.class);

        assertThat(source.open).isTrue();
    }
}
