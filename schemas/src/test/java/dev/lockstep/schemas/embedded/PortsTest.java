package dev.lockstep.schemas.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PortsTest {

    @TempDir
    Path directory;

    @Test
    void givesNoPortTwice() {
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 2_000; i++) assertThat(given.add(Ports.free())).isTrue();
    }

    @Test
    void givesNoPortThatAnotherProcessWasGiven() throws Exception {
        Process other = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Given.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var ports = other.inputReader()) {
            Set<Integer> theirs = new HashSet<>();
            for (int i = 0; i < Given.PORTS; i++) theirs.add(Integer.parseInt(ports.readLine()));
            assertThat(theirs).hasSize(Given.PORTS);

            for (int i = 0; i < 2_000; i++) assertThat(theirs).doesNotContain(Ports.free());
        } finally {
            other.destroyForcibly();
        }
    }

    /** Takes ports, says which, and lives on. */
    static final class Given {

        static final int PORTS = 2_000;

        private Given() {}

        public static void main(String[] none) throws Exception {
            for (int i = 0; i < PORTS; i++) System.out.println(Ports.free());
            System.out.flush();
            System.in.read(); // until it is ended, or who started it is
        }
    }

    @Test
    void givesNoneThatAnOutgoingConnectionGets() {
        for (int i = 0; i < 100; i++) assertThat(Ports.free()).isBetween(1_024, 32_767);
    }

    @Test
    void keepsAPort() throws Exception {
        Path file = directory.resolve("port");

        int port = Ports.kept(file);

        assertThat(Ports.kept(file)).isEqualTo(port);
        assertThat(Files.readString(file)).isEqualTo(Integer.toString(port));
    }
}
