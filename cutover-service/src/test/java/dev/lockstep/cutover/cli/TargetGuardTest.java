package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.cutover.phase.FencedOffException;
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
        public void settle(Runnable wanted) {}

        @Override
        public void stop() {
            stopped = true;
        }

        @Override
        public void allow() {
            if (away) throw new IllegalStateException("the target is away");
            stopped = false;
        }

        @Override
        public boolean open() {
            return !stopped();
        }

        @Override
        public boolean stopped() {
            looks++;
            if (away) throw new IllegalStateException("the target is away");
            return stopped;
        }
    }

    @Test
    void saysThatTheTargetIsOpenAndLeavesItToAPersonToCloseIt() {
        TargetGuard guard = new TargetGuard(target, true, () -> {});
        guard.begin();
        guard.watch(now);
        assertThat(target.stopped).isTrue();
        assertThat(guard.trouble()).isEmpty();

        target.allow();
        guard.watch(now.plusSeconds(10));

        assertThat(target.stopped).isFalse();
        assertThat(guard.trouble()).hasValueSatisfying(said -> assertThat(said).contains("takes writes of others"));
        guard.carryOn();
        guard.watch(now.plusSeconds(20));
        assertThat(target.stopped).isTrue();
        assertThat(guard.trouble()).isEmpty();
    }

    @Test
    void looksNowAndThenAndOutlastsATargetThatIsAway() {
        TargetGuard guard = new TargetGuard(target, true, () -> {});
        target.away = true;

        guard.watch(now);
        guard.watch(now.plusSeconds(1));
        assertThat(target.looks).isEqualTo(1);
        assertThat(guard.trouble()).hasValueSatisfying(said -> assertThat(said).contains("the target is away"));
    }

    @Test
    void touchesNothingWhereItIsNotWantedButWhatACutoverThatWasGivenUpHasClosed() {
        TargetGuard guard = new TargetGuard(target, false, () -> {});
        guard.begin();
        guard.carryOn();
        guard.watch(now);
        assertThat(target.stopped).isFalse();
        assertThat(target.looks).isZero();

        target.stop();
        guard.endCutover(now, Instant.MIN);

        assertThat(target.stopped).isFalse();
    }

    @Test
    void opensATargetThatWasAwayWhenTheCutoverWasGivenUpOnceItIsBack() {
        TargetGuard guard = new TargetGuard(target, false, () -> {});
        target.stop();
        target.away = true;
        guard.endCutover(now, Instant.MIN);
        guard.watch(now);
        assertThat(guard.trouble()).hasValueSatisfying(said -> assertThat(said).contains("the target is away"));

        target.away = false;
        guard.watch(now.plusSeconds(10));

        assertThat(target.stopped).isFalse();
        assertThat(guard.trouble()).isEmpty();
    }

    @Test
    void opensNothingThatAnotherControllerMayHaveClosed() {
        TargetGuard guard = new TargetGuard(target, false, () -> {
            throw new FencedOffException("shop", new IllegalStateException("newer"));
        });
        target.stop();
        target.away = true;
        guard.endCutover(now, Instant.MIN);
        target.away = false;

        assertThatThrownBy(() -> guard.watch(now)).isInstanceOf(FencedOffException.class);
        assertThat(target.stopped).isTrue();
    }

    @Test
    void leavesAGuardedTargetClosedAfterACutoverThatWasGivenUp() {
        target.stop();

        new TargetGuard(target, true, () -> {}).endCutover(now, Instant.MIN);

        assertThat(target.stopped).isTrue();
    }

    @Test
    void keepsTheTargetClosedAfterARollbackUntilNoCacheHasItsAddressAndSaysSo() {
        TargetGuard guard = new TargetGuard(target, false, () -> {});
        target.stop();
        Instant forgottenAt = now.plusSeconds(60);
        guard.endCutover(now, forgottenAt);
        guard.watch(now.plusSeconds(59));
        assertThat(target.stopped).isTrue();
        assertThat(guard.trouble())
                .hasValueSatisfying(said -> assertThat(said).contains("closed to others until " + forgottenAt));

        guard.watch(now.plusSeconds(62));

        assertThat(target.stopped).isFalse();
        assertThat(guard.trouble()).isEmpty();
    }

    @Test
    void opensAtOnceAfterAStartWhenNoCacheHasItsAddressAnyMore() {
        target.stop();

        new TargetGuard(target, false, () -> {}).endCutover(now, now);

        assertThat(target.stopped).isFalse();
    }

    @Test
    void saysThatATargetIsOpenWhileClientsMayHaveItsAddress() {
        TargetGuard guard = new TargetGuard(target, false, () -> {});
        guard.endCutover(now, now.plusSeconds(60));

        assertThat(guard.trouble()).hasValueSatisfying(said -> assertThat(said).contains("takes writes of others"));
    }

    @Test
    void outlastsATargetThatIsAwayWhileClientsMayHaveItsAddress() {
        TargetGuard guard = new TargetGuard(target, false, () -> {});
        target.stop();
        target.away = true;
        guard.endCutover(now, now.plusSeconds(60));
        assertThat(guard.trouble()).hasValueSatisfying(said -> assertThat(said).contains("the target is away"));

        target.away = false;
        guard.watch(now.plusSeconds(61));

        assertThat(target.stopped).isFalse();
        assertThat(guard.trouble()).isEmpty();
    }

    @Test
    void leavesItToAPersonToOpenTheTargetAfterARollbackWhereNobodyKnowsHowLongItsAddressIsKept() {
        TargetGuard guard = new TargetGuard(target, false, () -> {});
        target.stop();
        guard.endCutover(now, Instant.MAX);
        guard.watch(now.plusSeconds(1_000_000));
        assertThat(target.stopped).isTrue();
        assertThat(guard.trouble()).hasValueSatisfying(said -> assertThat(said).contains("open the target by hand"));

        target.allow();
        guard.watch(now.plusSeconds(2_000_000));

        assertThat(guard.trouble()).isEmpty();
    }
}
