package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.phase.Writes;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TargetGuardTest {

    private final Target target = new Target();
    private final Instant now = Instant.EPOCH;

    /** A target that may be away. */
    private static final class Target implements Writes {
        private boolean stopped;
        private boolean away;
        private int looks;

        @Override
        public void stop() {
            stopped = true;
        }

        @Override
        public void allow() {
            stopped = false;
        }

        @Override
        public boolean stopped() {
            looks++;
            if (away) throw new IllegalStateException("the target is away");
            return stopped;
        }
    }

    @Test
    void closesTheTargetAgainWhereSomebodyHasOpenedIt() {
        TargetGuard guard = new TargetGuard(target, true);
        guard.begin();
        assertThat(target.stopped).isTrue();

        target.allow();
        guard.keep(now);

        assertThat(target.stopped).isTrue();
    }

    @Test
    void looksNowAndThenAndOutlastsATargetThatIsAway() {
        TargetGuard guard = new TargetGuard(target, true);
        target.away = true;

        guard.keep(now);
        guard.keep(now.plusSeconds(1));
        assertThat(target.looks).isEqualTo(1);

        target.away = false;
        guard.keep(now.plusSeconds(10));
        assertThat(target.stopped).isTrue();
    }

    @Test
    void touchesNothingWhereItIsNotWanted() {
        TargetGuard guard = new TargetGuard(target, false);

        guard.begin();
        guard.keep(now);

        assertThat(target.stopped).isFalse();
        assertThat(target.looks).isZero();
    }
}
