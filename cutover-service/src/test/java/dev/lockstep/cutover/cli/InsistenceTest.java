package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InsistenceTest {

    private final List<Optional<String>> shown = new ArrayList<>();
    private boolean stopped;
    private Optional<String> failure = Optional.empty();
    private Insistence insistence;

    @Test
    void lastsUntilTheRunIsToStopAndShowsWhatFailsMeanwhile() {
        insistence = new Insistence(() -> stopped, () -> failure, () -> shown.add(insistence.trouble()), rest -> {});

        assertThat(insistence.lasts("cannot open the target: no answer")).isTrue();
        assertThat(insistence.lasts("cannot open the target: refused")).isTrue();
        stopped = true;
        assertThat(insistence.lasts("cannot open the target: refused")).isFalse();

        assertThat(shown)
                .containsExactly(
                        Optional.of("cannot open the target: no answer"),
                        Optional.of("cannot open the target: refused"),
                        Optional.of("cannot open the target: refused"));
        insistence.over();
        assertThat(insistence.trouble()).isEmpty();
    }

    @Test
    void endsInTheEndWhereAPartHasStoppedForGoodAndNamesIt() {
        insistence = new Insistence(() -> stopped, () -> failure, () -> shown.add(insistence.trouble()), rest -> {});
        failure = Optional.of("apply: the target's lane has another owner");

        int attempts = 1;
        while (insistence.lasts("cannot open the target: not proven in time")) attempts++;

        assertThat(attempts).isBetween(50, 200);
        assertThat(shown)
                .hasSize(attempts)
                .containsOnly(Optional.of(
                        "cannot open the target: not proven in time; apply: the target's lane has another owner"));
    }
}
