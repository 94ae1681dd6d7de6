package dev.lockstep.cutover.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.migration.SoakRules.CheckRules;
import dev.lockstep.schemas.migration.SoakRules.Then;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorCheckTest {

    @TempDir
    Path directory;

    @Test
    void countsFailuresInARowAndForgetsThemOnceItPasses() throws Exception {
        Path well = directory.resolve("well");
        try (OperatorCheck check =
                check(Duration.ofSeconds(30), "sh", "-c", "test -e " + well + " || { echo login is slow; exit 3; }")) {
            assertThat(check.state()).as("nothing is run before it is on").isEmpty();
            check.watch(true);

            CheckState failed = await(check, state -> state.failures() >= 2);
            assertThat(failed.said()).isEqualTo("exit code 3: login is slow");

            Files.createFile(well);
            assertThat(await(check, state -> state.failures() == 0).said()).isEmpty();
        }
    }

    @Test
    void endsOneThatHangsAndCountsItAsFailed() {
        try (OperatorCheck check = check(Duration.ofMillis(300), "sh", "-c", "sleep 600")) {
            check.watch(true);

            assertThat(await(check, state -> state.failures() > 0).said())
                    .isEqualTo("did not end within 300 ms and was killed");
        }
    }

    @Test
    void failsWhereThereIsNoSuchProgram() {
        try (OperatorCheck check = check(Duration.ofSeconds(30), "/no/such/program")) {
            check.watch(true);

            assertThat(await(check, state -> state.failures() > 0).said()).startsWith("cannot be run: ");
        }
    }

    private static OperatorCheck check(Duration timeout, String... command) {
        return OperatorCheck.start(
                new CheckRules(List.of(command), Duration.ofSeconds(1), timeout, 3, Then.TELL), Clock.systemUTC());
    }

    private static CheckState await(OperatorCheck check, Predicate<CheckState> wanted) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(check::state, state -> state.filter(wanted).isPresent())
                .orElseThrow();
    }
}
