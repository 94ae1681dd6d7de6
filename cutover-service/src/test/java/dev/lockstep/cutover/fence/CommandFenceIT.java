package dev.lockstep.cutover.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.FenceRules;
import dev.lockstep.schemas.migration.Migration.CutoverRules;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A command of the operator's keeps to the contract, too. */
@SuppressWarnings("NullAway.Init")
class CommandFenceIT extends PostgresContract {

    private static final Duration TIME_LIMIT = Duration.ofSeconds(30);

    private FenceService service;

    @BeforeAll
    void startService() throws IOException {
        service = new FenceService(() -> admin("neighbour"));
    }

    @AfterAll
    void stopService() throws IOException {
        service.close();
    }

    @Override
    Fence of(Endpoint endpoint, CutoverRules rules) {
        return fence(endpoint, rules, TIME_LIMIT, service.command());
    }

    private Fence shell(String script) {
        return fence(endpoint("mover"), rules("shop"), TIME_LIMIT, "sh", "-c", script, "fence");
    }

    private static Fence fence(Endpoint endpoint, CutoverRules rules, Duration limit, String... command) {
        return Fences.of(endpoint, rules, new FenceRules(null, null, List.of(command), limit));
    }

    @Test
    void doesNotBelieveACommandThatSaysStoppedWhileTheApplicationWrites() {
        FenceState state = shell("exit 0").raise();

        assertThat(state).isInstanceOf(FenceState.Partial.class);
        assertThat(state.toString()).contains("says that writes are stopped, but user shop still writes");
    }

    @Test
    void doesNotBelieveACommandThatLeavesATransactionOpen() throws Exception {
        try (Connection idle = application()) {
            idle.setAutoCommit(false);
            Sql.update(idle, "insert into orders (n) values (1)");

            assertThat(shell("exit 0").observe().toString())
                    .contains("of shop, session")
                    .contains("must end others' sessions");
        }
    }

    @Test
    void doesNotKnowTheStateIfTheCommandDoesNotAndSaysWhatItSaid() {
        assertThat(shell("echo no token; exit 7").observe().toString()).contains("Unknown", "ended with 7: no token");
        assertThatThrownBy(shell("echo no token; exit 7")::prepare)
                .isInstanceOf(FenceException.class)
                .hasMessageContaining("no token");
    }

    @Test
    void saysWhyStoppingFailed() {
        FenceState state =
                shell("[ $1 = state ] && exit 0; echo denied; exit 5").raise();

        assertThat(state.toString()).contains("Partial", "ended with 5: denied");
    }

    @Test
    void killsACommandThatHangs() {
        Fence hanging =
                fence(endpoint("mover"), rules("shop"), Duration.ofMillis(300), "sh", "-c", "sleep 600", "fence");
        Instant start = Instant.now();

        assertThat(hanging.observe().toString()).contains("Unknown", "did not end within 300 ms");
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(20));
    }
}
