package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.cutover.api.CutoverRequest;
import dev.lockstep.cutover.gate.CachedTtl;
import dev.lockstep.cutover.gate.Capacity;
import dev.lockstep.cutover.gate.Findings;
import dev.lockstep.cutover.gate.Inputs;
import dev.lockstep.cutover.gate.Lag;
import dev.lockstep.cutover.gate.Proof;
import dev.lockstep.cutover.gate.Scans;
import dev.lockstep.cutover.gate.WayBack;
import dev.lockstep.cutover.phase.Copying;
import dev.lockstep.cutover.phase.NotClearedException;
import dev.lockstep.cutover.phase.PhaseOwner;
import dev.lockstep.cutover.phase.Prepared;
import dev.lockstep.schemas.avro.Digest128;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.migration.Migration.CutoverRules;
import dev.lockstep.schemas.migration.Migration.Mode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReadinessTest {

    private static final Findings NONE = new Findings.NotApplicable();
    private static final Duration HOLD = Duration.ofSeconds(10);

    private final PhaseOwner owner = PhaseOwner.open(new KeptJournal(), "shop", Clock.systemUTC());
    private Instant now = Instant.parse("2026-05-01T12:00:00Z");

    @Test
    void beginsOnceItIsAskedForAndTheGatesHaveHeld() {
        Readiness readiness = following(Mode.MANUAL);
        holds(readiness);
        assertThat(readiness.isDue()).as("unasked").isFalse();

        assertThat(ask(readiness)).isEmpty();

        assertThat(readiness.isDue()).isTrue();
        now = now.plusSeconds(60); // open transactions were waited for
        readiness.require(gathered(0));
        readiness.tried();
        holds(readiness);
        assertThat(readiness.isDue()).as("asked for once, tried twice").isFalse();
    }

    @Test
    void waitsForTheGatesAgainIfOneClosesBeforeAnyWriteStandsStill() {
        Readiness readiness = following(Mode.MANUAL);
        holds(readiness);
        ask(readiness);

        assertThatThrownBy(() -> readiness.require(gathered(3)))
                .isInstanceOf(NotClearedException.class)
                .hasMessageStartingWith("gates are not open any more: [deadLetters: ");
        readiness.tried();

        assertThat(readiness.isDue()).isFalse();
        holds(readiness);
        assertThat(readiness.isDue()).isTrue();
    }

    @Test
    void beginsByItselfUnlessItWasCalledOff() {
        Readiness readiness = following(Mode.AUTO);
        holds(readiness);
        assertThat(readiness.isDue()).isTrue();

        assertThat(readiness.callOff()).isTrue();

        assertThat(readiness.isDue()).isFalse();
        assertThat(readiness.callOff()).as("called off before").isFalse();
        ask(readiness);
        assertThat(readiness.isDue()).isTrue();
    }

    private Readiness following(Mode mode) {
        Prepared prepared = (Prepared) owner.current();
        Copying copying = owner.enter(prepared, prepared.copying(now), "start");
        owner.enter(copying, copying.following(now), "copied");
        return new Readiness(
                new CutoverRules(mode, HOLD, null, null, null, null, null, null, null, null, null, null, null, null),
                owner);
    }

    private void holds(Readiness readiness) {
        for (Duration open = Duration.ZERO; open.compareTo(HOLD) <= 0; open = open.plusSeconds(5)) {
            now = now.plusSeconds(5);
            readiness.judge(gathered(0));
        }
    }

    private static Optional<String> ask(Readiness readiness) {
        return readiness.request(new CutoverRequest(List.of(), "", "me"));
    }

    /** All gates open, but for these dead letters. */
    private Inputs gathered(long deadLetters) {
        Lag lag = new Lag(Optional.of(Duration.ZERO), Optional.of(Duration.ZERO));
        long barrier = Micros.of(now);
        Digest128 digest = new Digest128(new byte[16]);
        return new Inputs(
                now,
                lag,
                lag,
                Set.of("shop.orders"),
                Set.of("shop.orders"),
                Optional.of(new Proof(
                        barrier,
                        List.of(new TableVerdict("shop.orders", barrier, 1L, 1L, digest, digest, 0L, barrier)))),
                OptionalLong.of(0),
                new Scans(List.of(new Scans.Scanned("shop.orders", Optional.of(now), 0)), Duration.ofDays(7)),
                OptionalLong.of(deadLetters),
                NONE,
                NONE,
                NONE,
                new CachedTtl.NotApplicable(),
                new Findings.Seen(List.of()),
                new Findings.Seen(List.of()),
                new WayBack(true, Optional.of(Duration.ZERO), Optional.empty()),
                new Capacity.Seen(1, 100),
                NONE,
                NONE);
    }
}
