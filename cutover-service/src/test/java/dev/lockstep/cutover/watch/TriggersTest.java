package dev.lockstep.cutover.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.watch.Triggers.Decision;
import dev.lockstep.cutover.watch.Triggers.Seen;
import dev.lockstep.schemas.migration.SoakRules;
import dev.lockstep.schemas.migration.SoakRules.CheckRules;
import dev.lockstep.schemas.migration.SoakRules.RollbackRules;
import dev.lockstep.schemas.migration.SoakRules.Then;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TriggersTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Optional<String> CLOSED = Optional.of("the way back is not open: 2 rows differ");

    private final SoakRules rules = rules(Then.ROLLBACK);

    @Test
    void staysWhileNothingSpeaksForGoingBack() {
        assertThat(Triggers.decide(seen(1, 9, MINUTE, 2, Optional.empty(), false), rules))
                .isEqualTo(new Decision.Stay());
    }

    @Test
    void whatIsNotKnownSpeaksForNothing() {
        Seen unknown = new Seen(
                Optional.empty(),
                OptionalLong.empty(),
                0,
                Optional.empty(),
                Duration.ofHours(1),
                Optional.empty(),
                Optional.of("the way back is not open: its lag is not known yet"),
                false);

        assertThat(Triggers.decide(unknown, rules)).isEqualTo(new Decision.Stay());
    }

    @Test
    void goesBackWhenTheLagExceedsItsBoundAndSaysBoth() {
        assertThat(Triggers.decide(seen(4, 0, MINUTE, 0, Optional.empty(), false), rules))
                .isEqualTo(new Decision.RollBack(
                        "the source's proven lag of 4 s exceeds soak.rollbackOn.lag of 3 s, for 10 s or longer"));
    }

    @Test
    void goesBackForStragglersOnlyOnceClientsHaveHadTheirTime() {
        assertThat(Triggers.decide(seen(0, 10, Duration.ofMinutes(9), 0, Optional.empty(), false), rules))
                .isInstanceOf(Decision.Stay.class);
        assertThat(Triggers.decide(seen(0, 10, Duration.ofMinutes(10), 0, Optional.empty(), false), rules))
                .isInstanceOf(Decision.RollBack.class);
    }

    @Test
    void goesBackWhenTheCheckHasFailedOftenEnoughInARow() {
        Decision decision = Triggers.decide(seen(0, 0, MINUTE, 3, Optional.empty(), false), rules);

        assertThat(decision)
                .isEqualTo(new Decision.RollBack("the check has failed 3 times in a row: exit code 1: login is slow"));
    }

    @Test
    void goesBackForAShareOfRunsThatFailThoughNeverInARow() {
        assertThat(Triggers.decide(checked(18, 2, 100), rules)).isInstanceOf(Decision.Stay.class);
        assertThat(Triggers.decide(checked(6, 3, 100), rules))
                .as("too few to tell")
                .isInstanceOf(Decision.Stay.class);
        assertThat(Triggers.decide(checked(16, 4, 100), rules))
                .isEqualTo(new Decision.RollBack(
                        "20 % of the check's newest runs failed, soak.rollbackOn.errorPercent is 20"));
    }

    @Test
    void goesBackForRunsThatPassTooSlowly() {
        assertThat(Triggers.decide(checked(20, 0, 800), rules)).isInstanceOf(Decision.Stay.class);
        assertThat(Triggers.decide(checked(20, 0, 801), rules))
                .isEqualTo(new Decision.RollBack(
                        "the check's newest runs took up to 801 ms (95 of 100), soak.rollbackOn.latency is 800 ms"));
    }

    private static Seen checked(int passed, int failed, long millis) {
        CheckState state = null;
        for (int run = 0; run < passed + failed; run++)
            state = CheckState.after(state, Instant.EPOCH, run < failed ? "refused" : "", Duration.ofMillis(millis));
        return new Seen(
                Optional.of(Duration.ZERO),
                OptionalLong.of(0),
                0,
                Optional.of(0),
                MINUTE,
                Optional.ofNullable(state),
                Optional.empty(),
                false);
    }

    @Test
    void onlyTellsOfACheckThatIsToTell() {
        assertThat(Triggers.decide(seen(0, 0, MINUTE, 3, Optional.empty(), false), rules(Then.TELL)))
                .isInstanceOfSatisfying(
                        Decision.Tell.class, tell -> assertThat(tell.kinds()).isEqualTo("check"));
    }

    @Test
    void neverGoesBackWhileTheWayBackIsClosed() {
        assertThat(Triggers.decide(seen(4, 10, Duration.ofHours(1), 3, CLOSED, false), rules))
                .isInstanceOfSatisfying(
                        Decision.Tell.class,
                        tell -> assertThat(tell.reason())
                                .contains("lag of 4 s", "10 sessions", "the check", "but the way back is not open"));
    }

    @Test
    void doesNotTryTwiceByItself() {
        assertThat(Triggers.decide(seen(4, 0, MINUTE, 0, Optional.empty(), true), rules))
                .isInstanceOfSatisfying(
                        Decision.Tell.class, tell -> assertThat(tell.reason()).contains("lockstep rollback"));
    }

    @Test
    void tellsOfRowsThatDifferAndNeverGoesBackForThem() {
        Seen differing = new Seen(
                Optional.of(Duration.ZERO),
                OptionalLong.of(2),
                3,
                Optional.of(0),
                MINUTE,
                Optional.empty(),
                CLOSED,
                false);

        assertThat(Triggers.decide(differing, SoakRules.DEFAULT))
                .isEqualTo(
                        new Decision.Tell(
                                "mismatches, scan",
                                "2 rows differ between target and source; the scan found 3 rows that differ between target and source"));
    }

    @Test
    void goesBackForNothingByDefault() {
        assertThat(Triggers.decide(seen(600, 900, Duration.ofDays(1), 30, Optional.empty(), false), SoakRules.DEFAULT))
                .isEqualTo(new Decision.Stay());
    }

    private static SoakRules rules(Then then) {
        return new SoakRules(
                Duration.ofHours(72),
                new RollbackRules(
                        Duration.ofSeconds(3),
                        10,
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(10),
                        20,
                        Duration.ofMillis(800)),
                new CheckRules(List.of("true"), Duration.ofSeconds(10), Duration.ofSeconds(10), 3, then));
    }

    private static Seen seen(
            long lagSeconds, int stragglers, Duration sinceOpen, int failures, Optional<String> closed, boolean tried) {
        return new Seen(
                Optional.of(Duration.ofSeconds(lagSeconds)),
                OptionalLong.of(0),
                0,
                Optional.of(stragglers),
                sinceOpen,
                Optional.of(new CheckState(Instant.EPOCH, failures, "exit code 1: login is slow", List.of())),
                closed,
                tried);
    }
}
