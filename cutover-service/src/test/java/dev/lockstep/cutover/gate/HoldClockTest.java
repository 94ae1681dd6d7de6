package dev.lockstep.cutover.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HoldClockTest {

    private static final Instant START = Instant.parse("2026-05-01T12:00:00Z");
    private static final List<GateResult> OPEN =
            List.of(new GateResult(Rule.PROOF, Verdict.OPEN), new GateResult(Rule.DNS, Verdict.OPEN));

    private HoldClock clock = HoldClock.start(Duration.ofSeconds(4));

    @Test
    void holdsOnceAllGatesHaveBeenOpenForTheWholeTime() {
        look(OPEN, 0);
        look(OPEN, 2000);
        look(OPEN, 3999);
        assertThat(clock.held()).isFalse();

        look(OPEN, 4000);

        assertThat(clock.held()).isTrue();
        assertThat(clock.openFor()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void beginsAnewAfterAnythingButOpen() {
        for (List<GateResult> interruption : List.of(
                List.of(OPEN.get(0), new GateResult(Rule.DNS, new Verdict.Closed("closed"))),
                List.of(OPEN.get(0), new GateResult(Rule.DNS, new Verdict.Unknown("unknown"))),
                List.<GateResult>of())) {
            clock = HoldClock.start(Duration.ofSeconds(4));
            look(OPEN, 0);
            look(OPEN, 4000);
            look(interruption, 4100);
            assertThat(clock.held()).isFalse();
            assertThat(clock.openFor()).isZero();

            look(OPEN, 4200);
            look(OPEN, 8199);
            assertThat(clock.held()).isFalse();
            look(OPEN, 8200);
            assertThat(clock.held()).isTrue();
        }
    }

    @Test
    void doesNotCountTimeInWhichNobodyLooked() {
        look(OPEN, 0);
        look(OPEN, 60_000);

        assertThat(clock.held()).isFalse();
        assertThat(clock.openFor()).isZero();
    }

    @Test
    void beginsAnewWhenTheClockIsSetBack() {
        look(OPEN, 0);
        look(OPEN, 4000);
        look(OPEN, 3000);

        assertThat(clock.held()).isFalse();
    }

    @Test
    void hasNotHeldBeforeTheFirstLook() {
        HoldClock noHold = HoldClock.start(Duration.ZERO);

        assertThat(noHold.held()).isFalse();
        assertThat(noHold.next(OPEN, START).held()).isTrue();
    }

    private void look(List<GateResult> results, long atMillis) {
        clock = clock.next(results, START.plusMillis(atMillis));
    }
}
