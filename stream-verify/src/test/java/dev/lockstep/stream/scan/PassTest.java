package dev.lockstep.stream.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassTest {

    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    private final Pass begun = Pass.begin("shop.item", NOW, 100, List.of(), null);

    @Test
    void goesOnWhereItWasCutOffButNotOverRowsThatNobodyRemembersAndNoLogProves() {
        Pass unsettled = begun.settled(NOW, false, false, 20, 1, 0);

        assertThat(begun.goesOn(false)).isTrue();
        assertThat(unsettled.goesOn(true)).isTrue();
        assertThat(unsettled.goesOn(false)).isFalse();
        assertThat(begun.settled(NOW, true, true, 0, 0, 0).goesOn(true))
                .as("it is through")
                .isFalse();
    }
}
