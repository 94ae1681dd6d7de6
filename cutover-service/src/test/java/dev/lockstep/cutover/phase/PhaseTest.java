package dev.lockstep.cutover.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.cutover.gate.Proof;
import dev.lockstep.schemas.avro.CutoverEvent;
import dev.lockstep.schemas.avro.Digest128;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Messages;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PhaseTest {

    private static final Instant AT = Instant.parse("2026-05-01T12:00:00.123456789Z");
    private static final Instant PAUSED = Instant.parse("2026-05-01T11:59:59.5Z");
    private static final LastProof PROOF = new LastProof(1_777_636_799_600_000L, 2, 100_000, "0".repeat(31) + "7");
    private static final DnsChange DNS = new DnsChange(
            List.of("db.shop. A 127.0.0.2", "db.shop. AAAA ::2"),
            List.of("db.shop. A 127.0.0.3"),
            OptionalLong.of(4_294_967_295L),
            OptionalLong.empty(),
            OptionalLong.of(3_600));
    private static final Moved MOVED =
            new Moved(Duration.ofMillis(812), new LastProof(3, 2, 90_000, "0".repeat(32)), DNS);

    static Stream<Phase> everyPhase() {
        return Stream.of(
                new Prepared(AT),
                new Copying(AT),
                new Following(AT, false),
                new Following(AT, true),
                new Ready(AT, Duration.ofMillis(30_250)),
                new Fenced(AT, null),
                new Fenced(AT, MOVED),
                new Drained(AT, PAUSED, PROOF, null),
                new Drained(AT, PAUSED, PROOF, MOVED),
                new Flipped(AT, Direction.FORWARD, PAUSED, PROOF, DNS, true),
                new Flipped(AT, Direction.REVERSE, PAUSED, PROOF, DnsChange.NONE, false),
                new Open(AT, MOVED),
                new Soaking(AT, MOVED, false),
                new Soaking(AT, MOVED, true),
                new RolledBack(AT, MOVED),
                new Finished(AT));
    }

    @ParameterizedTest
    @MethodSource("everyPhase")
    void comesBackFromTheJournalAsTheSameRecord(Phase phase) {
        byte[] bytes = Messages.CUTOVER_EVENT.encode(PhaseEvents.toEvent("shop", phase, "why"));

        assertThat(PhaseEvents.toPhase(Messages.CUTOVER_EVENT.decode(bytes))).isEqualTo(phase);
    }

    @Test
    void coversEveryName() {
        assertThat(everyPhase().map(Phase::name)).containsAll(EnumSet.allOf(PhaseName.class));
    }

    @ParameterizedTest
    @EnumSource(PhaseName.class)
    void hasAnExitForEveryPhaseThatMayFollowAndForNoOther(PhaseName name) {
        Set<PhaseName> exits = EnumSet.noneOf(PhaseName.class);
        everyPhase().filter(phase -> phase.name() == name).forEach(phase -> exits.addAll(exitsOf(phase)));

        assertThat(exits).isEqualTo(name.exits());
    }

    private static Set<PhaseName> exitsOf(Phase phase) {
        Set<PhaseName> exits = EnumSet.noneOf(PhaseName.class);
        Arrays.stream(phase.getClass().getDeclaredMethods())
                .filter(method -> !method.isSynthetic()
                        && !Modifier.isStatic(method.getModifiers())
                        && Phase.class.isAssignableFrom(method.getReturnType()))
                .forEach(method -> exits.add(
                        method.getReturnType() == Phase.class
                                ? ((Abortable) phase).abort(AT).name() // goes back to where the writes were
                                : nameOf(method.getReturnType())));
        return exits;
    }

    private static PhaseName nameOf(Class<?> type) {
        return everyPhase()
                .filter(type::isInstance)
                .map(Phase::name)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void measuresTheWritePauseFromBeforeTheFenceUntilTheTargetTakesWrites() {
        Fenced fenced = new Ready(AT, Duration.ZERO).fenced(PAUSED);

        Open open = fenced.drained(PAUSED.plusMillis(300), PROOF)
                .flipped(PAUSED.plusMillis(400), DNS)
                .opened(PAUSED.plusMillis(723));

        assertThat(open.moved().writePause()).isEqualTo(Duration.ofMillis(723));
        assertThat(open.moved().dns()).isEqualTo(DNS);
        assertThat(open.moved().proof()).isEqualTo(PROOF);
    }

    @Test
    void tellsThatAFenceIsToBeLoweredOnlyWhereThereMayBeOne() {
        assertThat(new Ready(AT, Duration.ZERO).abort(AT)).isEqualTo(new Following(AT, false));
        assertThat(new Fenced(AT, null).abort(AT)).isEqualTo(new Following(AT, true));
        assertThat(new Drained(AT, PAUSED, PROOF, null).abort(AT)).isEqualTo(new Following(AT, true));
    }

    @Test
    void leadsAnAbortedRollbackBackToTheTargetWithTheCutoverThatItWasToTakeBack() {
        assertThat(new Fenced(AT, MOVED).abort(AT)).isEqualTo(new Soaking(AT, MOVED, true));
        assertThat(new Drained(AT, PAUSED, PROOF, MOVED).abort(AT)).isEqualTo(new Soaking(AT, MOVED, true));
    }

    @Test
    void takesAJournalFromBeforeThereWasAWayBackForACutover() {
        Flipped flipped = new Flipped(AT, Direction.FORWARD, PAUSED, PROOF, DNS, false);
        CutoverEvent event = PhaseEvents.toEvent("shop", flipped, "why");
        event.getFacts().keySet().removeAll(List.of("direction", "opening"));

        assertThat(PhaseEvents.toPhase(event)).isEqualTo(flipped);
    }

    @Test
    void sumsTheProofOverAllTablesModulo2To128() {
        byte[] ones = new byte[16];
        Arrays.fill(ones, (byte) 0xff);
        Digest128 highest = new Digest128(ones);
        Digest128 two = SimulatedWorld.digest(2);

        LastProof last = LastProof.of(new Proof(
                7,
                List.of(
                        new TableVerdict("a", 7L, 3L, 3L, highest, highest, 0L, 8L),
                        new TableVerdict("b", 7L, 4L, 4L, two, two, 0L, 8L))));

        assertThat(last).isEqualTo(new LastProof(7, 2, 7, "0".repeat(31) + "1"));
    }

    @Test
    void namesTheFactThatIsMissingOrUnreadable() {
        assertThatThrownBy(() -> PhaseEvents.toPhase(event("READY", Map.of())))
                .isInstanceOf(JournalException.class)
                .hasMessage("the journal lacks the fact held");
        assertThatThrownBy(() -> PhaseEvents.toPhase(event("READY", Map.of("held", "long"))))
                .isInstanceOf(JournalException.class)
                .hasMessage("the journal's fact held reads 'long'");
        assertThatThrownBy(() -> PhaseEvents.toPhase(event("TELEPORTED", Map.of())))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("TELEPORTED");
    }

    private static CutoverEvent event(String phase, Map<String, String> facts) {
        return new CutoverEvent("shop", phase, 1L, "", facts);
    }
}
