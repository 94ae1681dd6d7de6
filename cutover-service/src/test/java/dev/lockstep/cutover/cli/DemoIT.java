package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a newcomer runs it: what it promises, what it reports, and what it leaves behind, which is nothing. */
class DemoIT {

    private static final long PATIENCE_SECONDS = 240;

    @TempDir
    Path directory;

    private Path output;
    private Path report;
    private Process demo;

    @BeforeEach
    void files() {
        output = directory.resolve("output.txt");
        report = directory.resolve("report.json");
    }

    @AfterEach
    void end() {
        servers().forEach(ProcessHandle::destroyForcibly);
        demo.destroyForcibly();
    }

    @Test
    void movesAShopAcrossEnginesAndBackAndReportsWhatItMeasured() throws Exception {
        start(
                "--auto",
                "--back",
                "--source",
                "mariadb",
                "--target",
                "postgres",
                "--seconds",
                "3",
                "--rows",
                "3000",
                "--rate",
                "50");

        assertThat(exitCode()).as(Files.readString(output)).isZero();
        JsonNode measured = new ObjectMapper().readTree(report.toFile());
        assertThat(measured.at("/source/engine").asText()).isEqualTo("mariadb");
        assertThat(measured.at("/target/version").asText()).startsWith("17");
        assertThat(measured.at("/writes/acknowledged").asLong()).isPositive();
        assertThat(measured.at("/writes/lost").asLong(-1)).isZero();
        assertThat(measured.at("/copy/rows").asLong()).isGreaterThanOrEqualTo(2_900);
        assertThat(measured.at("/copy/rowsPerSecond").asDouble()).isPositive();
        assertThat(measured.at("/changes/applied").asLong()).isPositive();
        for (String stage : List.of("captured", "applied", "proven"))
            for (String figure : List.of("p50Millis", "p99Millis", "maxMillis"))
                assertThat(measured.at("/lag/" + stage + "/" + figure).isNumber())
                        .as(stage + " " + figure)
                        .isTrue();
        assertThat(measured.at("/proof/mismatches").asLong(-1)).isZero();
        assertThat(measured.at("/proof/lastBarrier").asText()).endsWith("Z");
        assertThat(measured.at("/proof/tables")).hasSize(6).allSatisfy(table -> {
            assertThat(table.path("equal").asBoolean()).isTrue();
            assertThat(table.path("digestSource").asText())
                    .hasSize(32)
                    .isEqualTo(table.path("digestTarget").asText());
        });
        assertThat(measured.at("/cutover/writePauseMillis").asLong()).isBetween(1L, 30_000L);
        assertThat(measured.at("/cutover/clientObservedPauseMillis").asLong()).isPositive();
        assertThat(measured.at("/cutover/dns/before/0").asText()).contains("127.0.0.1");
        assertThat(measured.at("/cutover/dns/after/0").asText()).contains("127.0.0.2");
        assertThat(measured.at("/cutover/dns/serialAfter").asLong())
                .isGreaterThan(measured.at("/cutover/dns/serialBefore").asLong());
        assertThat(measured.at("/phases").findValuesAsText("phase"))
                .startsWith(
                        "PREPARED", "COPYING", "FOLLOWING", "READY", "FENCED", "DRAINED", "FLIPPED", "FLIPPED", "OPEN")
                .containsSubsequence("SOAKING", "FENCED", "DRAINED", "FLIPPED", "ROLLED_BACK", "FOLLOWING");
        assertThat(measured.at("/back/clientObservedPauseMillis").asLong()).isPositive();
        assertNothingIsLeft();
    }

    @Test
    void namesARowChangedBehindItsBackAndDoesNotMove() throws Exception {
        start("--corrupt", "--seconds", "8", "--rows", "3000", "--rate", "50");

        assertThat(exitCode()).as(Files.readString(output)).isEqualTo(1);
        assertThat(Files.readString(output))
                .containsPattern("named it after \\d+\\.\\d s: DIFFERS shop\\.products \\(\\d+\\)");
        JsonNode measured = new ObjectMapper().readTree(report.toFile());
        assertThat(measured.at("/mismatches/0/table").asText()).isEqualTo("shop.products");
        assertThat(measured.at("/mismatches/0/kind").asText()).isEqualTo("DIFFERS");
        assertThat(measured.at("/cutover").isNull()).isTrue();
        assertThat(measured.at("/phases").findValuesAsText("phase")).doesNotContain("READY", "OPEN");
    }

    @Test
    void leavesNothingBehindWhenInterrupted() throws Exception {
        start("--auto", "--seconds", "600", "--rows", "3000", "--rate", "50");
        Awaitility.await()
                .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .failFast("the demo has ended", () -> !demo.isAlive())
                .until(() -> Files.exists(output) && Files.readString(output).contains("phase FOLLOWING"));
        List<ProcessHandle> servers = servers();
        assertThat(servers).as("one for each side").hasSizeGreaterThanOrEqualTo(2);

        demo.destroy(); // SIGTERM, whose hooks are those of Ctrl-C

        exitCode();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> servers.stream().noneMatch(ProcessHandle::isAlive));
        assertNothingIsLeft();
        assertThat(servers()).isEmpty();
    }

    private void start(String... options) throws IOException {
        String[] arguments = Stream.concat(Stream.of("demo", "--report", report.toString()), Stream.of(options))
                .toArray(String[]::new);
        demo = Command.start(output, arguments);
    }

    /** PostgreSQL's are nobody's children: known by where their data are. */
    private List<ProcessHandle> servers() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != demo.pid())
                .filter(process -> process.info().commandLine().orElse("").contains(directory.toString()))
                .toList();
    }

    private int exitCode() throws Exception {
        assertThat(demo.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("ended in time")
                .isTrue();
        return demo.exitValue();
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("lockstep-demo-"));
        }
    }
}
