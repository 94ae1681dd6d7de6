package dev.lockstep.cutover.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OverridesTest {

    private static final GateResult LATE = new GateResult(Rule.WINDOW, new Verdict.Closed("it is noon"));
    private static final GateResult UNSEEN = new GateResult(Rule.CAPACITY, new Verdict.Unknown("the target is away"));
    private static final GateResult LAGS = new GateResult(Rule.APPLIED_LAG, new Verdict.Closed("3 s"));

    @Test
    void letsAClosedGatePassAndSaysWhoWantsItAndWhy() {
        List<GateResult> results = override("window").apply(List.of(LATE));

        assertThat(Gates.allOpen(results)).isTrue();
        assertThat(results)
                .singleElement()
                .hasToString("window: it is noon; overridden by joe@ops: agreed with the shop");
    }

    @Test
    void letsNothingPassThatIsNotNamed() {
        assertThat(Gates.notOpen(override("window").apply(List.of(LATE, LAGS)))).containsExactly(LAGS);
        assertThat(Gates.notOpen(Overrides.NONE.apply(List.of(LATE)))).containsExactly(LATE);
    }

    @Test
    void neverLetsPassWhatIsNotKnown() {
        assertThat(Gates.notOpen(override("capacity").apply(List.of(UNSEEN)))).containsExactly(UNSEEN);
    }

    @ParameterizedTest
    @EnumSource(
            value = Rule.class,
            names = {"PROOF", "MISMATCHES", "SCAN", "DEAD_LETTERS", "SCHEMA", "PAUSE", "WAY_BACK", "CHECK", "DNS"})
    void refusesToOverrideWhatGuardsTheDataAndTheWayBack(Rule rule) {
        assertThatThrownBy(() -> override(rule.label()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gate " + rule.label() + " cannot be overridden")
                .hasMessageEndingWith(
                        "appliedLag, provenLag, proofAge, scanAge, inventory, capacity, window, sequences, waves, ttl");
    }

    @Test
    void refusesAGateThatIsNoneAndAnOverrideWithoutAReason() {
        assertThatThrownBy(() -> override("weather")).hasMessageStartingWith("there is no gate 'weather'");
        assertThatThrownBy(() -> Overrides.of(List.of("window"), " ", "joe")).hasMessageContaining("--reason");
    }

    private static Overrides override(String label) {
        return Overrides.of(List.of(label), "agreed with the shop", "joe@ops");
    }
}
