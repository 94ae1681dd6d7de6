package dev.lockstep.cutover.flip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.cutover.flip.Observed.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A name server's process on loopback, and what tests of any of them want. */
final class NameServerProcess implements AutoCloseable {

    private final Process process;

    private NameServerProcess(Process process) {
        this.process = process;
    }

    static NameServerProcess start(Path home, List<String> command) throws IOException {
        return new NameServerProcess(new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("server.log").toFile())
                .start());
    }

    /** Where a program is; a lane that has been asked for may not be missing. */
    static String program(String name, String packages) {
        Optional<String> found = List.of("/usr/sbin/", "/usr/local/sbin/", "/usr/bin/").stream()
                .map(directory -> directory + name)
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst();
        boolean required =
                System.getProperty("LOCKSTEP_REQUIRE_LANES", System.getenv("LOCKSTEP_REQUIRE_LANES")) != null;
        if (found.isEmpty() && required)
            throw new IllegalStateException(
                    "no " + name + " here, and LOCKSTEP_REQUIRE_LANES is set: apt-get install " + packages);
        Assumptions.assumeTrue(found.isPresent(), "no " + name + " here: apt-get install " + packages);
        return found.get();
    }

    /** Runs a program to its end. */
    static void run(Path home, String... command) throws IOException, InterruptedException {
        Path output = home.resolve("tool.log");
        Process tool = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int code = tool.waitFor();
        assertThat(code).as(List.of(command) + ": " + Files.readString(output)).isZero();
    }

    /** The server answers for the zone. */
    static void awaitAnswer(String server) {
        awaitAnswer(server, "shop.test");
    }

    static void awaitAnswer(String server, String zone) {
        await().atMost(20, TimeUnit.SECONDS)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .until(() -> read(server, zone) instanceof View.Seen);
    }

    /** The second server is at the first one's serial. */
    static void awaitSameSerial(String first, String second) {
        await().atMost(20, TimeUnit.SECONDS)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> {
                    View primary = read(first, "shop.test");
                    View secondary = read(second, "shop.test");
                    assertThat(secondary).isInstanceOf(View.Seen.class);
                    assertThat(((View.Seen) secondary).serial()).isEqualTo(((View.Seen) primary).serial());
                });
    }

    private static View read(String server, String zone) {
        return new ZoneReader(Spelling.parse(zone), List.of(), Duration.ofSeconds(1)).read(ServerAddress.parse(server));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
