package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.gate.GateResult;
import dev.lockstep.cutover.gate.HoldClock;
import dev.lockstep.cutover.gate.Rule;
import dev.lockstep.cutover.gate.Verdict;
import dev.lockstep.cutover.phase.Copying;
import dev.lockstep.cutover.phase.DnsChange;
import dev.lockstep.cutover.phase.Drained;
import dev.lockstep.cutover.phase.Fenced;
import dev.lockstep.cutover.phase.Finished;
import dev.lockstep.cutover.phase.Flipped;
import dev.lockstep.cutover.phase.Following;
import dev.lockstep.cutover.phase.LastProof;
import dev.lockstep.cutover.phase.Moved;
import dev.lockstep.cutover.phase.Open;
import dev.lockstep.cutover.phase.Phase;
import dev.lockstep.cutover.phase.PhaseName;
import dev.lockstep.cutover.phase.Prepared;
import dev.lockstep.cutover.phase.Ready;
import dev.lockstep.cutover.phase.RolledBack;
import dev.lockstep.cutover.phase.Soaking;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.Migration.CutoverRules;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AwaitedTest {

    private static final Instant AT = Instant.parse("2026-05-01T12:00:00Z");
    private static final LastProof PROOF = new LastProof(1, 2, 3, "0".repeat(32));
    private static final Moved MOVED = new Moved(Duration.ofMillis(812), PROOF, DnsChange.NONE);
    private static final CutoverRules RULES = CutoverRules.DEFAULT;
    private static final HoldClock NOT_HELD = HoldClock.start(RULES.hold());
    private static final GateResult OPEN = new GateResult(Rule.PROOF, Verdict.OPEN);
    private static final GateResult CLOSED =
            new GateResult(Rule.APPLIED_LAG, new Verdict.Closed("lag 3 s exceeds 2 s"));
    private static final GateResult UNKNOWN = new GateResult(Rule.SCAN, new Verdict.Unknown("no scan yet"));

    private static final Map<Phase, String> EVERY_PHASE = Map.ofEntries(
            Map.entry(new Prepared(AT), "the initial copy to be applied to the target"),
            Map.entry(new Copying(AT), "the initial copy to be applied to the target"),
            Map.entry(new Following(AT, false), "gates to stay open for 30 s"),
            Map.entry(new Ready(AT, Duration.ofSeconds(30)), "the cutover under way"),
            Map.entry(new Fenced(AT, null), "the cutover under way"),
            Map.entry(new Fenced(AT, MOVED), "the rollback under way"),
            Map.entry(new Drained(AT, AT, PROOF, null), "the cutover under way"),
            Map.entry(new Drained(AT, AT, PROOF, MOVED), "the rollback under way"),
            Map.entry(flipped(Direction.FORWARD), "the cutover under way"),
            Map.entry(flipped(Direction.REVERSE), "the rollback under way"),
            Map.entry(new Open(AT, MOVED), "the way back to be proven; the application writes on the target"),
            Map.entry(
                    new Soaking(AT, MOVED, false),
                    "your word: lockstep finish, or lockstep rollback; the application writes on the target"),
            Map.entry(new RolledBack(AT, MOVED), "the target to follow the source again"),
            Map.entry(new Finished(AT), "nothing: the migration is over"));

    @Test
    void saysInEveryPhaseWhatItWaitsFor() {
        assertThat(EVERY_PHASE.keySet().stream().map(Phase::name)).containsAll(EnumSet.allOf(PhaseName.class));
        assertThat(EVERY_PHASE.keySet().stream()
                        .collect(Collectors.toMap(
                                phase -> phase, phase -> in(phase).text())))
                .isEqualTo(EVERY_PHASE);
    }

    @Test
    void namesTheFirstGateThatIsNotOpenAndHowManyMoreThereAre() {
        assertThat(following(NOT_HELD, OPEN, CLOSED)).isEqualTo("gates to open: appliedLag: lag 3 s exceeds 2 s");
        assertThat(following(NOT_HELD, UNKNOWN, OPEN, CLOSED)).isEqualTo("gates to open: scan: no scan yet and 1 more");
        assertThat(following(held(), CLOSED))
                .as("as long as it is closed, whatever was before")
                .startsWith("gates to open");
    }

    @Test
    void waitsForTheOperatorOnceTheGatesHaveHeld() {
        assertThat(following(held(), OPEN)).isEqualTo("your word: lockstep cutover");
    }

    @Test
    void saysWhenTheEndOfSoakingIsSuggested() {
        assertThat(soaking(Duration.ofHours(47))).startsWith("your word: lockstep finish (suggested in 47 h), or");
        assertThat(soaking(Duration.ofSeconds(-1)))
                .startsWith("your word: lockstep finish (the suggested time is over), or");
        assertThat(soaking(Duration.ZERO)).contains("is over");
    }

    @Test
    void promisesNoWayBackWhereThereIsNone() {
        CutoverRules none = new CutoverRules(
                RULES.mode(),
                RULES.hold(),
                RULES.maxAppliedLag(),
                RULES.maxProvenLag(),
                RULES.writePauseBudget(),
                null,
                null,
                true,
                false,
                null,
                RULES.longTransactions(),
                RULES.longTransactionLimit(),
                RULES.fence(),
                null);

        assertThat(new Awaited(
                                new Open(AT, MOVED),
                                Optional.empty(),
                                Optional.empty(),
                                List.of(),
                                NOT_HELD,
                                none,
                                false,
                                Optional.empty())
                        .text())
                .isEqualTo("nothing: the application writes on the target, and there is no way back");
    }

    @Test
    void asksForTheOperatorWhileItIsPausedWhateverThePhase() {
        Optional<Pause> changed = Optional.of(new Pause("source table shop.item: column price was added", AT));
        Optional<Hold> held = Optional.of(new Hold("joe@ops", AT));

        assertThat(paused(new Following(AT, false), changed, held))
                .as("what has changed comes first: it needs more than a resume")
                .startsWith("your word, paused: source table shop.item: column price was added; make the same change")
                .endsWith("lockstep resume");
        assertThat(paused(new Copying(AT), Optional.empty(), held))
                .isEqualTo("your word, paused: the target is given no changes, as joe@ops asked; lockstep resume");
        assertThat(paused(new Soaking(AT, MOVED, false), changed, Optional.empty()))
                .as("on the target nothing is resumed")
                .contains("take the change back", "lockstep finish")
                .doesNotContain("lockstep resume");
    }

    @Test
    void tellsOfAMoveThatIsAskedForAndHasNotBegun() {
        assertThat(asked(new Following(AT, false), NOT_HELD, CLOSED))
                .startsWith("gates to open: ")
                .endsWith("; then the cutover begins");
        assertThat(asked(new Following(AT, false), NOT_HELD, OPEN)).endsWith("; then the cutover begins");
        assertThat(asked(new Following(AT, false), held(), OPEN)).isEqualTo("the cutover to begin");
        assertThat(asked(flipped(Direction.FORWARD), NOT_HELD, OPEN))
                .isEqualTo("the cutover under way, and then the rollback that is asked for");
    }

    private static String asked(Phase phase, HoldClock hold, GateResult gate) {
        return new Awaited(
                        phase, Optional.empty(), Optional.empty(), List.of(gate), hold, RULES, true, Optional.empty())
                .text();
    }

    @Test
    void asksForNoResumeWhileAMoveIsUnderWay() {
        Optional<Pause> changed = Optional.of(new Pause("source table shop.item: column price was added", AT));

        assertThat(paused(flipped(Direction.FORWARD), changed, Optional.empty()))
                .isEqualTo("the cutover under way");
    }

    private static Flipped flipped(Direction direction) {
        return new Flipped(AT, direction, AT, PROOF, DnsChange.NONE, true);
    }

    private static Awaited in(Phase phase) {
        return new Awaited(
                phase, Optional.empty(), Optional.empty(), List.of(OPEN), NOT_HELD, RULES, false, Optional.empty());
    }

    private static String following(HoldClock hold, GateResult... gates) {
        return new Awaited(
                        new Following(AT, false),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(gates),
                        hold,
                        RULES,
                        false,
                        Optional.empty())
                .text();
    }

    private static String soaking(Duration left) {
        return new Awaited(
                        new Soaking(AT, MOVED, false),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        NOT_HELD,
                        RULES,
                        false,
                        Optional.of(left))
                .text();
    }

    private static String paused(Phase phase, Optional<Pause> pause, Optional<Hold> held) {
        return new Awaited(phase, pause, held, List.of(CLOSED), NOT_HELD, RULES, false, Optional.empty()).text();
    }

    /** Looked at every five seconds for as long as it takes. */
    private static HoldClock held() {
        HoldClock hold = NOT_HELD;
        for (Instant at : Stream.iterate(AT, at -> at.plusSeconds(5)).limit(7).toList())
            hold = hold.next(List.of(OPEN), at);
        return hold;
    }
}
