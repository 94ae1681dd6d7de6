package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.cutover.phase.FencedOffException;
import dev.lockstep.cutover.phase.Journal;
import dev.lockstep.cutover.phase.PhaseOwner;
import dev.lockstep.cutover.phase.Writes;
import dev.lockstep.schemas.avro.CutoverEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceGuardTest {

    private final Instant now = Instant.EPOCH;
    private final Source source = new Source();
    private final Kept journal = new Kept();
    private final SourceGuard guard = new SourceGuard(source, PhaseOwner.open(journal, "shop", Clock.systemUTC()));

    /** Closed at first; its server can lose the fence, or be away. */
    private static final class Source implements Writes {
        private boolean open;
        private boolean away;

        @Override
        public void settle() {}

        @Override
        public void stop() {
            open = false;
        }

        @Override
        public void allow() {
            open = true;
        }

        @Override
        public boolean stopped() {
            return !open;
        }

        @Override
        public boolean open() {
            if (away) throw new IllegalStateException("the source is away");
            return open;
        }
    }

    private static final class Kept implements Journal {
        private final List<CutoverEvent> events = new ArrayList<>();
        private boolean takenOver;

        @Override
        public List<CutoverEvent> read() {
            return List.of();
        }

        @Override
        public void append(CutoverEvent event) {
            events.add(event);
        }

        @Override
        public void confirm() {
            if (takenOver) throw new FencedOffException("shop", new IllegalStateException("newer"));
        }

        @Override
        public void close() {}
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
        guard.watch(now.plusSeconds(10));
        assertThat(journal.events).hasSize(entries);
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
