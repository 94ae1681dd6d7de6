package dev.lockstep.cutover.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.cutover.gate.Proof;
import dev.lockstep.schemas.avro.CutoverEvent;
import dev.lockstep.schemas.avro.Digest128;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Messages;
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
import org.junit.jupiter.params.provider.MethodSource;

class PhaseTest {

    private static final Instant AT = Instant.parse("2026-05-01T12:00:00.123456789Z");
    private static final Instant PAUSED = Instant.parse("2026-05-01T11:59:59.5Z");
    private static final LastProof PROOF = new LastProof(1_777_636_799_600_000L, 2, 100_000, "0".repeat(31) + "7");
    private static final DnsChange DNS = new DnsChange(
            List.of("db.shop. A 127.0.0.2", "db.shop. AAAA ::2"),
            List.of("db.shop. A 127.0.0.3"),
            OptionalLong.of(4_294_967_295L),
            OptionalLong.empty());

    static Stream<Phase> everyPhase() {
        return Stream.of(
                new Prepared(AT),
                new Copying(AT),
                new Following(AT, false),
                new Following(AT, true),
                new Ready(AT, Duration.ofMillis(30_250)),
                new Fenced(AT),
                new Drained(AT, PAUSED, PROOF),
                new Flipped(AT, PAUSED, PROOF, DNS),
                new Flipped(AT, PAUSED, PROOF, DnsChange.NONE),
                new Open(AT, Duration.ofMillis(812), PROOF, DNS),
                new Soaking(AT, Duration.ofMillis(812), PROOF, DNS),
                new RolledBack(AT),
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
    @MethodSource("everyPhase")
    void hasAnExitForEveryPhaseThatMayFollowAndForNoOther(Phase phase) {
        Set<PhaseName> exits = EnumSet.noneOf(PhaseName.class);
        Arrays.stream(phase.getClass().getDeclaredMethods())
                .filter(method -> !method.isSynthetic() && Phase.class.isAssignableFrom(method.getReturnType()))
                .forEach(method -> exits.add(nameOf(method.getReturnType())));

        assertThat(exits).isEqualTo(phase.name().exits());
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

        assertThat(open.writePause()).isEqualTo(Duration.ofMillis(723));
        assertThat(open.dns()).isEqualTo(DNS);
        assertThat(open.proof()).isEqualTo(PROOF);
    }

    @Test
    void tellsThatAFenceIsToBeLoweredOnlyWhereThereMayBeOne() {
        assertThat(new Ready(AT, Duration.ZERO).abort(AT).unfence()).isFalse();
        assertThat(new Fenced(AT).abort(AT).unfence()).isTrue();
        assertThat(new Drained(AT, PAUSED, PROOF).abort(AT).unfence()).isTrue();
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
