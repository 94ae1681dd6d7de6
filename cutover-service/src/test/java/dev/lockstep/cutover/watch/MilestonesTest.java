package dev.lockstep.cutover.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MilestonesTest {

    @Test
    void isDueOnceItsHourHasComeAndNotAgain() {
        assertThat(Milestones.due(Duration.ofHours(24).minusMillis(1), Set.of()))
                .isEmpty();
        assertThat(Milestones.due(Duration.ofHours(24), Set.of())).contains(24);
        assertThat(Milestones.due(Duration.ofHours(25), Set.of(24))).isEmpty();
    }

    @Test
    void leavesOutHoursThatWereMissedForTheLastOne() {
        assertThat(Milestones.due(Duration.ofHours(73), Set.of())).contains(72);
        assertThat(Milestones.due(Duration.ofDays(30), Set.of(72))).isEmpty();
    }
}
