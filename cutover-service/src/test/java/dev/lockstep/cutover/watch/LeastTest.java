package dev.lockstep.cutover.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeastTest {

    private final Least<Integer> least = new Least<>(Duration.ofSeconds(10));

    @Test
    void saysNothingBeforeItHasSeenTheWholeTime() {
        assertThat(at(0, 7)).isEmpty();
        assertThat(at(9, 8)).isEmpty();
        assertThat(at(10, 9)).contains(7);
    }

    @Test
    void forgetsWhatIsOlderThanTheTime() {
        at(0, 1);
        at(4, 7);
        at(8, 5);

        assertThat(at(13, 9)).as("the 1 stood until second 4").contains(1);
        assertThat(at(14, 9)).contains(5);
        assertThat(at(30, 8)).contains(8);
    }

    @Test
    void beginsAnewAfterWhatIsNotKnownAndAClockThatWasSetBack() {
        at(0, 7);
        at(9, 7);
        assertThat(least.of(Optional.empty(), Instant.ofEpochSecond(10))).isEmpty();
        assertThat(at(11, 7)).isEmpty();
        assertThat(at(21, 7)).contains(7);

        assertThat(at(5, 3)).isEmpty();
        assertThat(at(15, 4)).contains(3);
    }

    @Test
    void isWhatIsSeenNowWhereNoTimeIsAskedFor() {
        Least<Integer> now = new Least<>(Duration.ZERO);

        assertThat(now.of(Optional.of(7), Instant.ofEpochSecond(1))).contains(7);
        assertThat(now.of(Optional.of(9), Instant.ofEpochSecond(1))).contains(9);
    }

    private Optional<Integer> at(long second, int value) {
        return least.of(Optional.of(value), Instant.ofEpochSecond(second));
    }
}
