package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.flip.PowerDns;
import dev.lockstep.cutover.flip.WeightScript;
import dev.lockstep.cutover.phase.Rest;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.Migration.DnsRules;
import dev.lockstep.schemas.migration.Migration.RecordRules;
import dev.lockstep.schemas.migration.WaveRules;
import dev.lockstep.schemas.migration.WaveRules.OnFailure;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of readers that move by shares, on PowerDNS, whose answers are weighted by chance. */
@SuppressWarnings("NullAway.Init")
class SharesIT {

    private static final Duration HOLD = Duration.ofSeconds(3);
    private static final Rest BRIEF = duration -> Rest.sleeping().rest(Duration.ofMillis(10));

    @TempDir
    Path home;

    @TempDir
    Path state;

    private PowerDns dns;
    private final List<String> shown = new ArrayList<>();
    private int looks;

    /** The look at which the target is not fit for readers any more. */
    private int troubledAt = Integer.MAX_VALUE;

    @BeforeEach
    void start() throws Exception {
        dns = PowerDns.start(
                home,
                List.of(
                        "db.shop.test. 60 IN A 127.0.0.2",
                        "db.shop.test. 60 IN AAAA 2001:db8::2",
                        "alias.shop.test. 60 IN CNAME old.shop.test."));
    }

    @AfterEach
    void stop() {
        dns.close();
    }

    @Test
    void movesReadersByTheSharesThatTheFileNames() {
        Waves waves = waves();

        assertThat(waves.move(wave(List.of(10, 50), OnFailure.STOP))).isEmpty();

        assertThat(moved(0)).as("of a tenth: %s", shown).isBetween(0.02, 0.3);
        assertThat(moved(1)).as("of a half: %s", shown).isBetween(0.3, 0.7);
        assertThat(waves.held(wave(List.of(10, 50), OnFailure.STOP))).isPresent();
        assertThat(isOn(Direction.REVERSE)).isFalse();
        assertThat(isOn(Direction.FORWARD)).isTrue();
        shown.clear();
        assertThat(waves.move(wave(List.of(10, 50), OnFailure.STOP)))
                .as("again")
                .isEmpty();
        assertThat(shown).as("the whole has moved").noneMatch(line -> line.contains("%"));

        assertThat(waves.back(wave(List.of(10, 50), OnFailure.STOP))).isEmpty();
        assertThat(isOn(Direction.REVERSE)).isTrue();
    }

    @Test
    void takesAShareBackThatDoesNotHold() {
        troubledAt = 20;

        assertThat(waves().move(wave(List.of(50), OnFailure.BACK)))
                .hasValueSatisfying(why -> assertThat(why).endsWith("it is back on the source"));

        assertThat(isOn(Direction.REVERSE)).isTrue();
    }

    /** Whether DNS shows that all has moved there, as a plan made anew sees it. */
    private boolean isOn(Direction direction) {
        return waves().plan(wave(List.of(), OnFailure.STOP), direction).stream()
                .allMatch(step -> step.plan().isDone());
    }

    /** What part of the answers named the target while a share held. */
    private double moved(int share) {
        MatchResult counts = shown.stream()
                .flatMap(line -> Pattern.compile("(\\d+) of (\\d+) answers")
                        .matcher(line)
                        .results())
                .toList()
                .get(share);
        assertThat(Integer.parseInt(counts.group(2))).isGreaterThan(100);
        return Double.parseDouble(counts.group(1)) / Double.parseDouble(counts.group(2));
    }

    private Waves waves() {
        return new Waves(
                state,
                () -> ++looks < troubledAt ? Optional.empty() : Optional.of("appliedLag: 9 s"),
                shown::add,
                Clock.systemUTC(),
                BRIEF);
    }

    @SuppressWarnings("NullAway") // what a file leaves out
    private WaveRules wave(List<Integer> shares, OnFailure onFailure) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                WeightScript.class.getName()));
        command.addAll(dns.tool());
        List<RecordRules> records = List.of(
                new RecordRules("db.shop.test", "A", List.of("127.0.0.2"), List.of("127.0.0.3"), null),
                new RecordRules("db.shop.test", "AAAA", List.of("2001:db8::2"), List.of("2001:db8::3"), null),
                new RecordRules(
                        "alias.shop.test", "CNAME", List.of("old.shop.test."), List.of("new.shop.test."), null));
        DnsRules zone = new DnsRules("shop.test", null, command, null, dns.servers(), null, null, records);
        return new WaveRules("readers", List.of(zone), shares, HOLD, null, onFailure);
    }
}
