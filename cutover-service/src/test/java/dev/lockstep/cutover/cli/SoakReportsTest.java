package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.report.ChainFacts;
import dev.lockstep.cutover.report.MadeUpReport;
import dev.lockstep.cutover.report.ProofReport;
import dev.lockstep.schemas.testing.TestClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoakReportsTest {

    private static final Duration HOUR = Duration.ofHours(1);

    /** Files bear the time of this machine: what is written now comes after it. */
    private final Instant opened = Instant.now().minusSeconds(60);

    private final TestClock clock = new TestClock(opened);
    private final Path state;
    private SoakReports reports;
    private int made;
    private boolean fails;

    SoakReportsTest(@TempDir Path state) {
        this.state = state;
        reports = start(state);
    }

    @Test
    void writesOneAtEachMilestoneAndNothingBetween() throws Exception {
        assertThat(namesAt(23)).isEmpty();
        assertThat(namesAt(24)).containsExactly("proof-24h.html");
        assertThat(Files.readString(state.resolve("proof-24h.html"))).contains("shop");
        assertThat(Files.readString(state.resolve("proof-24h.json"))).contains("\"migration\"");
        assertThat(namesAt(47)).containsExactly("proof-24h.html");
        assertThat(namesAt(48)).containsExactly("proof-24h.html", "proof-48h.html");
        assertThat(namesAt(72)).containsExactly("proof-24h.html", "proof-48h.html", "proof-72h.html");
        assertThat(namesAt(24 * 30)).hasSize(3);
        assertThat(made).isEqualTo(3);
    }

    @Test
    void writesNoneAgainAfterARestart() {
        namesAt(24);

        reports = start(state);

        assertThat(namesAt(25)).containsExactly("proof-24h.html");
        assertThat(made).isEqualTo(1);
    }

    @Test
    void writesTheLastOfThoseThatWereMissedAfterARestart() {
        namesAt(23);

        reports = start(state);

        assertThat(namesAt(50)).as("what 24 h were like, nobody knows any more").containsExactly("proof-48h.html");
        assertThat(namesAt(51)).containsExactly("proof-48h.html");
        assertThat(made).isEqualTo(1);
    }

    @Test
    void writesThemAnewForALaterCutover() throws Exception {
        namesAt(24);
        Files.setLastModifiedTime(state.resolve("proof-24h.html"), FileTime.from(opened.minusSeconds(1)));

        assertThat(SoakReports.names(state, opened)).isEmpty();
        assertThat(namesAt(24)).containsExactly("proof-24h.html");
        assertThat(made).isEqualTo(2);
    }

    @Test
    void triesOneThatFailedAgainAfterAMinuteAndEndsNothing() {
        fails = true;
        assertThat(namesAt(24)).isEmpty();
        fails = false;
        reports.tend(opened);
        assertThat(SoakReports.names(state, opened)).as("at once").isEmpty();

        clock.advance(Duration.ofMinutes(1));
        reports.tend(opened);

        assertThat(SoakReports.names(state, opened)).containsExactly("proof-24h.html");
    }

    private SoakReports start(Path state) {
        return new SoakReports(state, this::report, clock);
    }

    private ProofReport report() {
        if (fails) throw new PipelineException("the proof's record cannot be read");
        made++;
        return MadeUpReport.of(List.of(), ChainFacts.of(List.of(), List.of()));
    }

    private List<String> namesAt(int hours) {
        clock.advance(Duration.between(clock.instant(), opened.plus(HOUR.multipliedBy(hours))));
        reports.tend(opened);
        return SoakReports.names(state, opened);
    }
}
