package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.WaveRules;
import dev.lockstep.schemas.migration.WaveRules.OnFailure;
import dev.lockstep.schemas.testing.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Waves that move by shares, on a real zone, with a command that writes down what it is given and changes nothing. */
@SuppressWarnings("NullAway.Init")
class SharesTest {

    private static final Duration HOLD = Duration.ofMinutes(2);
    private static final String SOURCE = "127.0.0.2";
    private static final String TARGET = "127.0.0.3";

    @TempDir
    Path directory;

    private DnsWorld reports;
    private final TestClock clock = new TestClock(Instant.now());

    /** Looks of waves at how the target is. */
    private int looks;

    @BeforeEach
    void start() {
        reports = new DnsWorld(directory, "reports", 20);
    }

    @AfterEach
    void stop() {
        reports.close();
    }

    @Test
    void movesByItsSharesAndBelievesTheServersInTheEnd() throws Exception {
        Waves waves = waves(Integer.MAX_VALUE);
        Instant begun = clock.instant();

        Optional<String> failure = waves.move(wave(OnFailure.STOP));

        assertThat(given()).containsExactly("5", "50", TARGET);
        assertThat(clock.instant()).as("each share has held").isAfter(begun.plus(HOLD.multipliedBy(2)));
        assertThat(failure)
                .hasValueSatisfying(why -> assertThat(why)
                        .startsWith("wave readers does not hold: the command has taken it, and dns server ")
                        .contains("shows db.reports.test. A " + SOURCE));
        assertThat(waves.held(wave(OnFailure.STOP))).isEmpty();

        waves.move(wave(OnFailure.STOP));
        assertThat(given()).as("only the whole is left").endsWith(TARGET, TARGET);

        assertThat(waves.back(wave(OnFailure.STOP))).as("it shows the source").isEmpty();
        assertThat(given()).endsWith(TARGET, SOURCE);
    }

    @Test
    void goesOnWithTheShareUnderWay() throws Exception {
        assertThat(waves(200).move(wave(OnFailure.STOP)))
                .hasValueSatisfying(
                        why -> assertThat(why).startsWith("wave readers does not hold: appliedLag: 9 s; it stays"));
        assertThat(given()).containsExactly("5", "50");
        Waves later = waves(Integer.MAX_VALUE);
        assertThat(later.shares(wave(OnFailure.STOP), Direction.FORWARD))
                .containsExactly("up to 50 % of the answers name the target now", "first shares of [50] %");

        later.move(wave(OnFailure.STOP));

        assertThat(given()).containsExactly("5", "50", "50", TARGET);
    }

    @Test
    void givesEveryAnswerBackWhenAShareDoesNotHold() throws Exception {
        Waves waves = waves(10);

        assertThat(waves.move(wave(OnFailure.BACK)))
                .hasValueSatisfying(why -> assertThat(why).endsWith("it is back on the source"));

        assertThat(given()).containsExactly("5", SOURCE);
        assertThat(waves.plan(wave(OnFailure.BACK), Direction.FORWARD))
                .as("DNS tells again")
                .noneMatch(step -> step.plan().isDone());
    }

    @Test
    void goesBackWhenItIsStartedAgainAndTheTargetIsNotFit() throws Exception {
        waves(10).move(wave(OnFailure.STOP));

        assertThat(waves(0).move(wave(OnFailure.BACK)))
                .hasValue("wave readers does not hold: appliedLag: 9 s; it is back on the source");

        assertThat(given()).containsExactly("5", SOURCE);
    }

    @Test
    void looksLongerForTheEndOfASmallShare() {
        waves(10).move(wave(OnFailure.STOP));
        Instant asked = clock.instant();

        assertThat(waves(0).back(wave(OnFailure.STOP))).isEmpty();

        // at 5 percent 135 looks that see nothing of it leave a chance of one in a thousand
        assertThat(clock.instant()).isBetween(asked.plusMillis(13_500), asked.plusMillis(14_500));
    }

    @Test
    void endsAShareThatNamesSomethingElse() throws Exception {
        Waves waves = waves(() -> {
            if (++looks == 5) reports.set("127.0.0.9");
            return Optional.empty();
        });

        assertThat(waves.move(wave(OnFailure.STOP)))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("shows db.reports.test. A 127.0.0.9 (ttl 20), neither"));
        reports.set(SOURCE);
        assertThat(waves.back(wave(OnFailure.STOP))).isEmpty();
        assertThat(given()).containsExactly("5", SOURCE);
    }

    @Test
    void givesTheCommandTheWayBackWhateverTheServersShow() throws Exception {
        waves(10).move(wave(OnFailure.STOP));
        reports.set("127.0.0.9");

        assertThat(waves(0).back(wave(OnFailure.STOP)))
                .hasValueSatisfying(why -> assertThat(why).contains("shows db.reports.test. A 127.0.0.9"));

        assertThat(given()).containsExactly("5", SOURCE);
    }

    @Test
    void holdsNoShareWhileAServerIsSilent() {
        reports.close();
        Shares shares = new Shares(wave(OnFailure.STOP), new WaveFiles(directory), clock, clock::advance);

        assertThat(shares.look()).isEmpty();
        assertThat(shares.look()).isEmpty();
        assertThat(shares.look()).hasValueSatisfying(why -> assertThat(why).contains(reports.address()));
    }

    @Test
    void sharesAllZonesOfAWaveAndForgetsNone() throws Exception {
        try (DnsWorld search = new DnsWorld(directory, "search", 20)) {
            WaveRules one = wave(OnFailure.STOP);
            List<String> command = one.dns().get(0).command();
            WaveRules both = new WaveRules(
                    "readers",
                    List.of(one.dns().get(0), search.rulesBy(command)),
                    List.of(5),
                    HOLD,
                    null,
                    OnFailure.STOP);
            Waves waves = waves(10);

            waves.move(both);

            assertThat(Files.readAllLines(directory.resolve("given")))
                    .satisfiesExactly(
                            first -> assertThat(first).contains("db.reports.test."),
                            second -> assertThat(second).contains("db.search.test."));
            assertThatThrownBy(() -> waves.back(one))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("zone search.test. has moved with wave readers");
            assertThatThrownBy(() -> waves.refuseForgotten(List.of()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("wave readers");
            assertThat(waves.back(both)).isEmpty();
            waves.refuseForgotten(List.of());
        }
    }

    @Test
    void saysWhyTheCommandGaveNoShareAndForgetsIt() {
        assertThat(waves(Integer.MAX_VALUE).move(wave("echo the zone is locked; exit 3", OnFailure.STOP)))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("zone reports.test.: the command changed nothing", "the zone is locked"));

        assertThat(new WaveFiles(directory).shared()).isEmpty();
    }

    @Test
    void waitsForACommandThatWasCutOffBeforeItBelievesTheEnd() {
        Waves waves = waves(Integer.MAX_VALUE);
        assertThat(waves.move(wave("echo half-way; exit 9", OnFailure.STOP)))
                .hasValueSatisfying(why -> assertThat(why)
                        .startsWith("wave readers does not hold: zone reports.test.: it is not known whether the"
                                + " command set 5 %"));

        assertThat(waves.back(wave(OnFailure.STOP)))
                .hasValueSatisfying(why -> assertThat(why).contains("was cut off before and may take effect until"));
        clock.advance(Duration.ofSeconds(300));
        assertThat(waves.back(wave(OnFailure.STOP))).isEmpty();
    }

    /**
     * @param fit at so many looks at it the target is fit for readers, and not after that
     */
    private Waves waves(int fit) {
        looks = 0;
        return waves(() -> ++looks <= fit ? Optional.empty() : Optional.of("appliedLag: 9 s"));
    }

    private Waves waves(Supplier<Optional<String>> trouble) {
        return new Waves(directory, trouble, line -> {}, clock, clock::advance);
    }

    private WaveRules wave(OnFailure onFailure) {
        return wave("cat >> %1$s; echo >> %1$s".formatted(directory.resolve("given")), onFailure);
    }

    private WaveRules wave(String script, OnFailure onFailure) {
        List<String> command = List.of("sh", "-c", script);
        return new WaveRules("readers", List.of(reports.rulesBy(command)), List.of(5, 50), HOLD, null, onFailure);
    }

    /** What the command was given: each share, and of a move of the whole where the address goes. */
    private List<String> given() throws IOException {
        Pattern told = Pattern.compile("\"share\":(\\d+)|\"after\":[^}]*\\[\"(127[^\"]+)");
        return Files.readAllLines(directory.resolve("given")).stream()
                .map(document -> told.matcher(document)
                        .results()
                        .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                        .reduce((first, last) -> last)
                        .orElse(document))
                .toList();
    }
}
