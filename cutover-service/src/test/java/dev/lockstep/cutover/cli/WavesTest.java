package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.flip.RecordSet;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.SoakRules.CheckRules;
import dev.lockstep.schemas.migration.WaveRules;
import dev.lockstep.schemas.migration.WaveRules.OnFailure;
import dev.lockstep.schemas.testing.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
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
    void movesByItsSharesAndBelievesTheServersInTheEnd() throws Exception {
        Waves waves = waves();
        Instant begun = clock.instant();

        Optional<String> failure = waves.move(shared(OnFailure.STOP));

        assertThat(given()).containsExactly(5, 50, 100);
        assertThat(clock.instant()).as("each share has held").isAfter(begun.plus(HOLD.multipliedBy(2)));
        assertThat(shown).anySatisfy(line -> assertThat(line).startsWith("wave readers: has held; 0 of "));
        assertThat(failure)
                .hasValueSatisfying(why -> assertThat(why)
                        .startsWith("wave readers does not move: the command has taken it, and dns server ")
                        .contains("shows db.reports.test. A " + SOURCE));
        assertThat(waves.held(shared(OnFailure.STOP))).isEmpty();

        assertThat(waves.back(shared(OnFailure.STOP))).as("it shows the source").isEmpty();
        assertThat(given()).endsWith(100, 0);
    }

    @Test
    void goesOnWithTheShareUnderWay() throws Exception {
        for (int look = 0; look < 200; look++) troubles.add(Optional.empty());
        troubles.add(Optional.of("mismatches: 1 mismatched row"));
        WaveRules wave = shared(OnFailure.STOP);

        assertThat(waves().move(wave))
                .hasValueSatisfying(why -> assertThat(why)
                        .startsWith("wave readers does not hold: mismatches: 1 mismatched row; it stays"));
        assertThat(given()).containsExactly(5, 50);
        waves().move(wave); // another process

        assertThat(given()).containsExactly(5, 50, 50, 100);
    }

    @Test
    void givesEveryAnswerBackWhenAShareDoesNotHold() throws Exception {
        for (int look = 0; look < 10; look++) troubles.add(Optional.empty());
        troubles.add(Optional.of("mismatches: 1 mismatched row"));

        assertThat(waves().move(shared(OnFailure.BACK)))
                .hasValueSatisfying(why -> assertThat(why).endsWith("it is back on the source"));

        assertThat(given()).containsExactly(5, 0);
        assertThat(waves().plan(shared(OnFailure.BACK), Direction.FORWARD))
                .as("DNS tells again")
                .noneMatch(step -> step.plan().isDone());
    }

    @Test
    void saysWhyTheCommandGaveNoShare() {
        WaveRules wave = new WaveRules(
                "readers",
                List.of(reports.rulesBy(List.of("sh", "-c", "echo the zone is locked; exit 3"))),
                List.of(5),
                HOLD,
                null,
                OnFailure.STOP);

        assertThat(waves().move(wave))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("zone reports.test.: the command changed nothing", "the zone is locked"));
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

    /** By a command that writes down what it is given, and changes nothing. */
    private WaveRules shared(OnFailure onFailure) {
        List<String> command = List.of("sh", "-c", "cat >> " + directory.resolve("given") + "; echo noted");
        return new WaveRules("readers", List.of(reports.rulesBy(command)), List.of(5, 50), HOLD, null, onFailure);
    }

    /** The shares that the command was given. */
    private List<Integer> given() throws IOException {
        return Pattern.compile("\"share\":(\\d+)")
                .matcher(Files.readString(directory.resolve("given")))
                .results()
                .map(share -> Integer.valueOf(share.group(1)))
                .toList();
    }
}
