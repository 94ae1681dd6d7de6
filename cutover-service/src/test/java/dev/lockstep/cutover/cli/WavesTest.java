package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.flip.RecordSet;
import dev.lockstep.schemas.migration.SoakRules.CheckRules;
import dev.lockstep.schemas.migration.WaveRules;
import dev.lockstep.schemas.migration.WaveRules.OnFailure;
import dev.lockstep.schemas.testing.TestClock;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Names of readers that move before the cutover, on a real zone; time passes as it is rested, from now on, as signatures tell the time. */
@SuppressWarnings("NullAway.Init")
class WavesTest {

    private static final Duration HOLD = Duration.ofMinutes(2);
    private static final String SOURCE = "127.0.0.2";
    private static final String TARGET = "127.0.0.3";

    @TempDir
    Path directory;

    private DnsWorld reports;
    private final TestClock clock = new TestClock(Instant.now());
    private final List<String> shown = new ArrayList<>();

    /** What the migration says at each look; after the last: all is well. */
    private final Deque<Optional<String>> troubles = new ArrayDeque<>();

    @BeforeEach
    void start() {
        reports = new DnsWorld(directory, "reports", 20);
    }

    @AfterEach
    void stop() {
        reports.close();
    }

    @Test
    void movesAWaveAndIsDoneOnceItHasHeld() {
        Waves waves = waves();
        Instant begun = clock.instant();

        assertThat(waves.move(wave(OnFailure.STOP))).isEmpty();

        assertThat(reports.shown()).extracting(RecordSet::values).isEqualTo(List.of(TARGET));
        assertThat(waves.held(wave(OnFailure.STOP)))
                .hasValueSatisfying(at -> assertThat(at)
                        .isBetween(begun.plus(HOLD), begun.plus(HOLD).plusSeconds(2)));
        assertThat(shown).containsExactly("wave readers: DNS names the target", "wave readers: must hold for 120 s");
    }

    @Test
    void movesNothingWhileTheTargetIsNotFitForReaders() {
        troubles.add(Optional.of("appliedLag: 9 s"));

        assertThat(waves().move(wave(OnFailure.BACK))).hasValue("wave readers does not move: appliedLag: 9 s");

        assertThat(reports.shown().values()).containsExactly(SOURCE);
    }

    @ParameterizedTest
    @EnumSource(OnFailure.class)
    void stopsOrGoesBackAsConfiguredWhenItDoesNotHold(OnFailure onFailure) {
        for (int look = 0; look < 10; look++) troubles.add(Optional.empty());
        troubles.add(Optional.of("mismatches: 1 mismatched row"));
        Waves waves = waves();

        Optional<String> failure = waves.move(wave(onFailure));

        assertThat(failure)
                .hasValueSatisfying(why -> assertThat(why)
                        .startsWith("wave readers does not hold: mismatches: 1 mismatched row; ")
                        .endsWith(
                                onFailure == OnFailure.BACK ? "it is back on the source" : "or `lockstep wave back`"));
        assertThat(reports.shown().values()).containsExactly(onFailure == OnFailure.BACK ? SOURCE : TARGET);
        assertThat(waves.held(wave(onFailure))).isEmpty();

        assertThat(waves.move(wave(onFailure))).as("again, once it is mended").isEmpty();
        assertThat(reports.shown().values()).containsExactly(TARGET);
    }

    @Test
    void asksItsOwnCheckAndWaitsForItsWord() {
        CheckRules fails = new CheckRules(
                List.of("sh", "-c", "echo reports are empty; exit 1"), Duration.ofSeconds(1), null, 1, null);
        WaveRules wave = new WaveRules(
                "readers", List.of(reports.rules(reports.address(), null)), null, Duration.ZERO, fails, null);

        assertThat(new Waves(directory, Optional::empty, shown::add, Clock.systemUTC(), d -> Thread.onSpinWait())
                        .move(wave))
                .hasValueSatisfying(why -> assertThat(why)
                        .startsWith("wave readers does not hold: its check failed 1 times in a row: ")
                        .contains("reports are empty"));

        CheckRules passes = new CheckRules(List.of("true"), Duration.ofSeconds(1), null, 1, null);
        WaveRules mended = new WaveRules("readers", wave.dns(), null, Duration.ZERO, passes, null);
        assertThat(new Waves(directory, Optional::empty, shown::add, Clock.systemUTC(), d -> Thread.onSpinWait())
                        .move(mended))
                .isEmpty();
    }

    @Test
    void goesBackWhateverTheLagIsAndMustMoveAnew() {
        Waves waves = waves();
        waves.move(wave(OnFailure.STOP));
        troubles.add(Optional.of("appliedLag: 9 s"));

        assertThat(waves.back(wave(OnFailure.STOP))).isEmpty();

        assertThat(reports.shown().values()).containsExactly(SOURCE);
        assertThat(waves.held(wave(OnFailure.STOP))).isEmpty();
    }

    @Test
    void movesAWaveInOneProcessAtATime() {
        Waves waves = waves();
        AtomicReference<Optional<String>> back = new AtomicReference<>(Optional.empty());
        Waves moving = new Waves(
                directory,
                () -> {
                    back.set(waves.back(wave(OnFailure.STOP)));
                    return Optional.empty();
                },
                shown::add,
                clock,
                clock::advance);

        assertThat(moving.move(wave(OnFailure.STOP))).isEmpty();

        assertThat(back.get()).hasValue("another process moves wave readers now; end that one first");
        assertThat(waves.back(wave(OnFailure.STOP))).isEmpty();
    }

    private Waves waves() {
        return new Waves(
                directory,
                () -> Optional.ofNullable(troubles.poll()).flatMap(trouble -> trouble),
                shown::add,
                clock,
                clock::advance);
    }

    private WaveRules wave(OnFailure onFailure) {
        return new WaveRules("readers", List.of(reports.rules(reports.address(), null)), null, HOLD, null, onFailure);
    }
}
