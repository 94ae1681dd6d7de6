package dev.lockstep.cutover.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CheckStateTest {

    @Test
    void countsFailuresInARowAndKeepsTheNewestRuns() {
        CheckState state = after(null, "", 1);
        for (int run = 2; run <= 40; run++) state = after(state, run > 37 ? "refused" : "", run);

        assertThat(state.failures()).isEqualTo(3);
        assertThat(state.newest()).hasSize(20).first().isEqualTo(new CheckState.Run(true, 21));
        assertThat(state.failedPercent()).hasValue(15L);
        assertThat(state.latency())
                .as("17 passed, the slowest of them after 37 ms")
                .contains(Duration.ofMillis(37));
        assertThat(after(state, "", 1).failures()).isZero();
    }

    @Test
    void saysNothingOfTooFewRuns() {
        CheckState state = null;
        for (int run = 0; run < 9; run++) state = after(state, "", 1);

        assertThat(state.failedPercent()).isEmpty();
        assertThat(state.latency()).isEmpty();
        assertThat(after(state, "refused", 1).failedPercent()).hasValue(10L);
        assertThat(after(state, "refused", 1).latency())
                .as("of nine that passed")
                .isEmpty();
    }

    private static CheckState after(CheckState before, String failure, long millis) {
        return CheckState.after(before, Instant.EPOCH, failure, Duration.ofMillis(millis));
    }
}
