package dev.lockstep.cutover.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.message.Barrier.Direction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PauseTest {

    @TempDir
    Path directory;

    @Test
    void saysWhichStepsNoDrillShowsBeforeTheFirstMove() {
        Pause pause = Pause.of(Direction.FORWARD, List.of(drill(100), drill(300), drill(200)), List.of(), true, true);

        assertThat(pause.complete()).isFalse();
        assertThat(pause.steps())
                .filteredOn(step -> step.basis().equals(Estimate.UNKNOWN))
                .extracting(Estimate::step)
                .containsExactly(Step.FENCE.text, Step.COUNTERS.text, Step.DNS.text, Step.OPEN.text, Step.JOURNAL.text);
        // drained and proven 150, 300, 450, each twice; turned 10; looked at three times 5
        assertThat(pause.expectedMillis()).isEqualTo(2 * 300 + 10 + 15);
        assertThat(pause.upperMillis()).isEqualTo(2 * 450 + 10 + 15);
    }

    @Test
    void takesWhatCannotBeDrilledFromEarlierMovesTheSameWay() {
        List<EarlierMove> moves = moves(cutover(40), back(900), cutover(80), cutover(60));

        Pause pause = Pause.of(Direction.FORWARD, List.of(drill(100)), moves, true, true);

        assertThat(pause.complete()).isTrue();
        assertThat(estimate(pause, Step.FENCE)).isEqualTo(new Estimate(Step.FENCE.text, "earlier moves", 3, 60L, 80L));
        assertThat(estimate(pause, Step.OPEN).medianMillis())
                .as("halted 1, allowed 7, carried 2")
                .isEqualTo(10);
        assertThat(estimate(pause, Step.DNS).samples()).as("of both ways").isEqualTo(4);
        assertThat(estimate(pause, Step.JOURNAL).medianMillis()).isEqualTo(9);
    }

    @Test
    void knowsARollbackFromACutover() {
        List<EarlierMove> moves = moves(cutover(40), back(900));

        Pause pause = Pause.of(Direction.REVERSE, List.of(drill(100)), moves, true, true);

        assertThat(moves).extracting(EarlierMove::direction).containsExactly(Direction.FORWARD, Direction.REVERSE);
        assertThat(estimate(pause, Step.FENCE))
                .isEqualTo(new Estimate(Step.FENCE.text, "earlier moves", 1, 900L, 900L));
    }

    @Test
    void takesACutoverThatWasCutOffAndGoneOnWithForNoRollback() {
        List<EarlierMove.Act> resumed = List.of(
                act("target.stop", 4),
                act("source.settle", 5),
                act("journal FENCED", 3),
                act("source.stop", 40),
                act("journal DRAINED", 3), // and here the process dies
                act("flow.carry", 2),
                act("traffic.look", 30),
                act("journal FLIPPED", 3),
                act("source.stop", 10),
                act("target.stop", 700), // as the source's fence may have had a gap
                act("journal FLIPPED", 3),
                act("target.allow", 7),
                act("journal OPEN", 3));

        List<EarlierMove> moves = moves(resumed, back(900));

        assertThat(moves).extracting(EarlierMove::direction).containsExactly(Direction.FORWARD, Direction.REVERSE);
        assertThat(moves).allMatch(EarlierMove::opened);
        assertThat(estimate(Pause.of(Direction.REVERSE, List.of(), moves, true, true), Step.FENCE))
                .isEqualTo(new Estimate(Step.FENCE.text, "earlier moves", 1, 900L, 900L));
    }

    @Test
    void takesARollbackThatWasGivenUpBeforeItsFenceForNoCutover() {
        List<EarlierMove> moves = moves(
                cutover(40), List.of(act("journal FENCED", 3), act("source.stop", 8_000), act("journal SOAKING", 3)));

        assertThat(moves).extracting(EarlierMove::direction).containsExactly(Direction.FORWARD, Direction.REVERSE);
        assertThat(estimate(Pause.of(Direction.FORWARD, List.of(), moves, true, true), Step.FENCE))
                .isEqualTo(new Estimate(Step.FENCE.text, "earlier moves", 1, 40L, 40L));
    }

    @Test
    void leavesOutDnsAndTheOtherWayWhereThereIsNone() {
        Pause pause = Pause.of(Direction.FORWARD, List.of(drill(100)), List.of(), false, false);

        assertThat(pause.steps()).extracting(Estimate::step).doesNotContain(Step.DNS.text, Step.TURN.text);
    }

    @Test
    void findsTheMovesInTheFileThatTheActsWereKeptIn() throws Exception {
        Path file = directory.resolve("acts");
        KeptActs before = new KeptActs(file);
        for (EarlierMove.Act act : cutover(40)) before.after(act.name(), act.took());
        before.after("proof.verdictsAt", Duration.ofMillis(1));

        assertThat(new KeptActs(file).moves()).isEqualTo(moves(cutover(40)));
        assertThat(Files.readString(file)).doesNotContain("proof.");
        assertThat(new KeptActs(directory.resolve("none")).moves()).isEmpty();
    }

    private static Drill drill(long appliedMillis) {
        Duration applied = Duration.ofMillis(appliedMillis);
        return new Drill(
                applied,
                applied.dividedBy(2),
                Optional.of(Duration.ofMillis(10)),
                Duration.ofMillis(5),
                Optional.of(Duration.ofMillis(3)));
    }

    private static Estimate estimate(Pause pause, Step step) {
        return pause.steps().stream()
                .filter(estimate -> estimate.step().equals(step.text))
                .findFirst()
                .orElseThrow();
    }

    @SafeVarargs
    private static List<EarlierMove> moves(List<EarlierMove.Act>... moves) {
        return EarlierMove.in(List.of(moves).stream().flatMap(List::stream).toList());
    }

    private static List<EarlierMove.Act> cutover(long fenceMillis) {
        return List.of(
                act("flow.carry", 500), // of the start, before any move
                act("target.stop", 4),
                act("source.settle", 5),
                act("journal FENCED", 3),
                act("source.stop", fenceMillis),
                act("sequences.advance", 20),
                act("journal DRAINED", 3),
                act("traffic.flip", 30),
                act("journal FLIPPED", 3),
                act("flow.halt", 1),
                act("target.allow", 7),
                act("flow.carry", 2),
                act("journal OPEN", 3));
    }

    private static List<EarlierMove.Act> back(long fenceMillis) {
        return List.of(
                act("journal FENCED", 3),
                act("source.stop", 2),
                act("target.stop", fenceMillis),
                act("sequences.advance", 20),
                act("journal DRAINED", 3),
                act("traffic.flip", 30),
                act("journal FLIPPED", 3),
                act("source.allow", 7),
                act("journal ROLLED_BACK", 3));
    }

    private static EarlierMove.Act act(String name, long millis) {
        return new EarlierMove.Act(name, Duration.ofMillis(millis));
    }
}
