package dev.lockstep.stream.lag;

import static dev.lockstep.schemas.avro.Stage.APPLIED;
import static dev.lockstep.schemas.avro.Stage.CAPTURED;
import static dev.lockstep.schemas.avro.Stage.PROVEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.message.Micros;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageLagTest {

    @TempDir
    Path state;

    private final List<LagDriver> drivers = new ArrayList<>();

    @AfterEach
    void close() {
        drivers.forEach(LagDriver::close);
    }

    private LagDriver lanes(int lanes) {
        LagDriver driver = new LagDriver(lanes, state);
        drivers.add(driver);
        return driver;
    }

    @Test
    void isUnknownBeforeTheFirstBarrier() {
        LagDriver one = lanes(1);
        // given no report at all
        StageLag lag = one.lag(APPLIED);

        // then nothing is claimed, not even zero
        assertThat(lag).isEqualTo(StageLag.UNKNOWN);
        assertThat(one.series()).isEmpty();
    }

    @Test
    void growsWhileNoBarrierArrives() {
        LagDriver one = lanes(1);
        // given
        one.reach(CAPTURED, 0, 40);
        assertThat(one.lag(CAPTURED).now()).contains(Duration.ofMillis(40));

        // when
        one.pass(7_000);

        // then
        assertThat(one.lag(CAPTURED).now()).contains(Duration.ofMillis(7_040));
        assertThat(one.lag(APPLIED).now()).isEmpty();
    }

    @Test
    void needsAllLanesToHaveReachedABarrier() {
        LagDriver two = lanes(2);
        // given one lane of two
        long first = two.clock.micros();
        two.pass(50);
        two.reachAt(PROVEN, 1, first, 0, 0);
        two.pass(1_000);
        assertThat(two.lag(PROVEN).now()).isEmpty();

        // when the other follows, and the first has gone on
        two.reachAt(PROVEN, 1, first + 1_000_000, 0, 0);
        two.reachAt(PROVEN, 0, first, 0, 0);

        // then it is the slower one that counts, by the time that it took
        StageLag lag = two.lag(PROVEN);
        assertThat(lag.barrier()).contains(Micros.toInstant(first));
        assertThat(lag.now()).contains(Duration.ofMillis(1_050));
        assertThat(lag.run().orElseThrow().samples()).isEqualTo(1);
        assertThat(lag.run().orElseThrow().max()).isBetween(Duration.ofMillis(1_050), Duration.ofMillis(1_051));
    }

    @Test
    void countsALaneThatTheConfigurationDoesNotKnow() {
        LagDriver two = lanes(2);
        // given a third lane that is behind
        long barrier = two.clock.micros();
        two.reachAt(APPLIED, 0, barrier, 0, 0);
        two.reachAt(APPLIED, 2, barrier - 5_000_000, 0, 0);
        two.reachAt(APPLIED, 1, barrier, 0, 0);

        // then it holds the others back
        assertThat(two.lag(APPLIED).now()).contains(Duration.ofSeconds(5));
    }

    @Test
    void takesPercentilesOfTheDelays() {
        LagDriver one = lanes(1);
        // given delays of 1 to 100 ms within a minute
        for (int delay = 1; delay <= 100; delay++) {
            one.pass(500);
            one.reach(APPLIED, 0, delay);
        }
        one.reach(APPLIED, 0, 0); // the newest barrier is of this moment, and its age of 0 counts too

        // when
        Percentiles window = one.lag(APPLIED).window().orElseThrow();

        // then
        assertThat(window.p50()).isEqualTo(Duration.ofMillis(49));
        assertThat(window.p95()).isEqualTo(Duration.ofMillis(95));
        assertThat(window.p99()).isEqualTo(Duration.ofMillis(99));
        assertThat(window.max()).isEqualTo(Duration.ofMillis(100));
        assertThat(window.samples()).isEqualTo(101);
    }

    @Test
    void forgetsWhatIsOlderThanTheWindowButNotOverTheWholeRun() {
        LagDriver one = lanes(1);
        // given a slow barrier, and a quick one more than a minute later
        one.reach(APPLIED, 0, 9_000);
        one.pass(61_000);
        one.reach(APPLIED, 0, 20);

        // then
        StageLag lag = one.lag(APPLIED);
        assertThat(lag.window().orElseThrow().max()).isEqualTo(Duration.ofMillis(20));
        assertThat(lag.run().orElseThrow().max()).isBetween(Duration.ofMillis(9_000), Duration.ofMillis(9_010));
        assertThat(lag.barriers()).isEqualTo(2);
    }

    @Test
    void showsAStalledStageInTheWindowAtOnce() {
        LagDriver one = lanes(1);
        // given many quick barriers
        for (int i = 0; i < 200; i++) {
            one.pass(250);
            one.reach(PROVEN, 0, 10);
        }

        // when none comes for three seconds
        one.pass(3_000);

        // then one late barrier among 200 is enough
        Percentiles window = one.lag(PROVEN).window().orElseThrow();
        assertThat(window.p99()).isEqualTo(Duration.ofMillis(3_010));
        assertThat(window.max()).isEqualTo(Duration.ofMillis(3_010));
        assertThat(window.p50()).isEqualTo(Duration.ofMillis(10));
        assertThat(one.lag(PROVEN).run().orElseThrow().max()).isLessThan(Duration.ofMillis(11));
    }

    @Test
    void hasNothingButTheAgeOnceTheWindowHasRunEmpty() {
        LagDriver one = lanes(1);
        // given
        one.reach(PROVEN, 0, 10);
        one.pass(120_000);

        // then
        Percentiles window = one.lag(PROVEN).window().orElseThrow();
        assertThat(window.p50()).isEqualTo(Duration.ofMillis(120_010));
        assertThat(window.samples()).isZero();
    }

    @Test
    void neverFallsBackToAnOlderBarrier() {
        LagDriver one = lanes(1);
        // given
        long barrier = one.clock.micros();
        one.reachAt(APPLIED, 0, barrier, 10, 0);

        // when a writer that was started again reports what it had reported before
        one.pass(1_000);
        one.reachAt(APPLIED, 0, barrier - 2_000_000, 4, 0);

        // then
        assertThat(one.lag(APPLIED).barrier()).contains(Micros.toInstant(barrier));
        assertThat(one.lag(APPLIED).barriers()).isEqualTo(1);
    }

    @Test
    void countsRowsOnOverARestartOfTheirWriter() {
        LagDriver one = lanes(1);
        // given
        one.reach(APPLIED, 0, 5, 1_000, 50_000);
        one.pass(1_000);
        one.reach(APPLIED, 0, 5, 1_500, 75_000);

        // when the writer begins at 0 again
        one.pass(1_000);
        one.reach(APPLIED, 0, 5, 200, 10_000);
        one.pass(1_000);
        one.reach(APPLIED, 0, 5, 300, 15_000);
        one.pass(1_000);

        // then
        Throughput throughput = one.lag(APPLIED).throughput();
        assertThat(throughput.rows()).isEqualTo(1_800);
        assertThat(throughput.bytes()).isEqualTo(90_000);
        assertThat(throughput.rowsPerSecond()).isEqualTo(800 / 5.0);
        assertThat(throughput.bytesPerSecond()).isEqualTo(40_000 / 5.0);
    }

    @Test
    void addsTheRowsOfAllLanes() {
        LagDriver two = lanes(2);
        // given
        two.reach(CAPTURED, 0, 5, 100, 0);
        two.reach(CAPTURED, 1, 5, 40, 0);

        // then even while no barrier is known by all
        assertThat(two.lag(CAPTURED).throughput().rows()).isEqualTo(140);
    }

    @Test
    void spreadsRowsOverTheTimeBetweenTwoReports() {
        LagDriver one = lanes(1);
        // given a copy that takes ten seconds between two reports
        one.reach(APPLIED, 0, 5, 0, 0);
        one.pass(10_000);
        one.reach(APPLIED, 0, 5, 100_000, 0);

        // then it ran at 10,000 rows/s, not 100,000 in one second
        assertThat(one.lag(APPLIED).throughput().rowsPerSecond()).isEqualTo(10_000);
        assertThat(one.series()).extracting(LagSample::appliedRows).containsOnly(10_000L);
    }

    @Test
    void stopsFlowingWhenReportsStop() {
        LagDriver one = lanes(1);
        // given
        one.reach(APPLIED, 0, 5, 0, 0);
        one.pass(1_000);
        one.reach(APPLIED, 0, 5, 500, 0);

        // when
        one.pass(10_000);

        // then
        assertThat(one.lag(APPLIED).throughput().rowsPerSecond()).isZero();
    }

    @Test
    void drawsTheLargestLagOfEachSecond() {
        LagDriver one = lanes(1);
        // given barriers at .0 and .9 of the first second, each there 10 ms later, then silence
        one.pass(10);
        one.reach(CAPTURED, 0, 10);
        one.pass(900);
        one.reach(CAPTURED, 0, 10);
        one.pass(2_090);

        // when
        var series = one.series();

        // then the first second peaks just before its second barrier
        assertThat(series).hasSize(3);
        assertThat(series.get(0).at()).isEqualTo(Instant.parse("2026-11-22T10:00:01Z"));
        assertThat(series)
                .extracting(s -> s.captured().orElseThrow().toMillis())
                .containsExactly(910L, 1_100L, 2_100L);
        assertThat(series).allSatisfy(s -> assertThat(s.proven()).isEmpty());
    }

    @Test
    void keepsTheSeriesBounded() {
        LagDriver one = lanes(1);
        // given fifteen minutes of barriers
        for (int second = 0; second < 900; second++) {
            one.reach(CAPTURED, 0, 10, second * 10L, 0);
            one.pass(1_000);
        }

        // then
        assertThat(one.series()).hasSize(600);
        assertThat(one.stores().buckets(CAPTURED, 0, Long.MAX_VALUE)).hasSizeLessThanOrEqualTo(602);
    }

    @Test
    void drawsAStageThatHasStoodStillForLongerThanTheChart() {
        LagDriver one = lanes(1);
        // given
        one.reach(CAPTURED, 0, 0);
        one.pass(1_200_000);

        // then
        var series = one.series();
        assertThat(series).hasSize(600);
        assertThat(series.get(599).captured()).contains(Duration.ofSeconds(1_200));
    }
}
